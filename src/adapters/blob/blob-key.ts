import { join } from 'node:path';

/**
 * The file of a key below a folder. Keys are made by our own code, so a wrong one is a bug and is thrown; nothing that
 * passes leads out of the folder.
 */
export function blobFile(directory: string, key: string): string {
  if (!isBlobKey(key)) throw new Error(`Internal error: "${key}" is not a blob key.`);
  return join(directory, ...key.split('/'));
}

/** Whether a text is a key: parts of a-z, 0-9, dot and dash joined with `/`, none of them `.` or `..`. */
export function isBlobKey(text: string): boolean {
  return text.split('/').every((part) => /^[a-z0-9.-]{1,200}$/.test(part) && !/^\.\.?$/.test(part));
}
