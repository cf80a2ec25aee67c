type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with each of `names` that is given as `<NAME>_FILE` filled in from that file, without the newline at its end, and
 * every mistake in that: a name given both ways, a file that cannot be read, an empty one. Neither path nor text is ever told.
 */
export function filledFromFiles(
  environment: Environment,
  names: readonly string[],
  readText: (path: string) => string,
): { environment: Environment; problems: string[] } {
  const filled: Record<string, string | undefined> = { ...environment };
  const problems: string[] = [];
  for (const name of names) {
    const path = environment[`${name}_FILE`] ?? '';
    if (path === '') continue;
    const found = (environment[name] ?? '') === '' ? valueIn(path, readText) : { problem: `expected no ${name} beside it` };
    if ('problem' in found) problems.push(`${name}_FILE: ${found.problem}`);
    else filled[name] = found.value;
  }
  return { environment: filled, problems };
}

function valueIn(path: string, readText: (path: string) => string): { value: string } | { problem: string } {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    return { problem: `expected the path of a file that this process can read (${why})` };
  }
  const value = text.replace(/\r?\n$/, '');
  return value === '' ? { problem: 'expected a file with the value in it, but it is empty' } : { value };
}
