/** Why a disk cannot be used, and what to do about it. */
export class DiskError extends Error {
  readonly code: 'disk-in-use' | 'disk-full' | 'disk-not-writable' | 'disk-fault';

  constructor(code: DiskError['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** What LevelDB or the system said itself, below what was wrapped around it. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
}

/** The error itself in words. */
export function saidBy(error: unknown): string {
  const root = rootOf(error);
  return root instanceof Error ? root.message : String(root);
}

/** A file is gone, cut short or cannot be read: what LevelDB itself does not call a corruption. */
const DAMAGED_FILE = /No such file|Is a directory|Invalid argument|Input\/output error|create_if_missing is false/;

/** Whether an error of LevelDB's tells of damaged or missing files, which a repair can help. */
export function isDamage(error: unknown): boolean {
  const root = rootOf(error);
  return codeOf(root) === 'LEVEL_CORRUPTION' || (codeOf(error) !== undefined && DAMAGED_FILE.test(saidBy(root)));
}

/** An error of the disk under `directory` as one that says what to do. */
export function explained(directory: string, error: unknown): DiskError {
  if (error instanceof DiskError) return error;
  const said = saidBy(error);
  if (codeOf(rootOf(error)) === 'LEVEL_LOCKED') {
    return new DiskError('disk-in-use', `another agent uses ${directory}: stop it, or give this agent a dataDir of its own`, error);
  }
  if (/ENOSPC|EDQUOT|EFBIG|No space left|quota exceeded|File too large/.test(said)) {
    return new DiskError('disk-full', `no room in ${directory}: free some space (${said})`, error);
  }
  if (/EACCES|EPERM|EROFS|EEXIST|ENOTDIR|Permission denied|Read-only|Not a directory/.test(said)) {
    return new DiskError('disk-not-writable', `expected ${directory} to be a directory this user may write: set its owner, or dataDir (${said})`, error);
  }
  return new DiskError('disk-fault', `${directory} cannot be used: look at the disk, or move the directory away to begin anew (${said})`, error);
}
