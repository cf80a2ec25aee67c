const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether one of the texts has what is searched for in it; capitals and accents do not matter. */
export function matches(search: string, texts: readonly string[]): boolean {
  const wanted = folded(search.trim());
  return wanted === '' || texts.some((text) => folded(text).includes(wanted));
}
