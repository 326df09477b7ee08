/** Errors of the file system in words. */
import type { ManifestError } from "./manifest-error.ts";

const words: Readonly<Record<string, { message: string; hint?: string }>> = {
  ENOENT: { message: "no such file or folder" },
  EACCES: {
    message: "cannot be read: permission denied",
    hint: "check the permissions of the file and its folders",
  },
  EPERM: { message: "cannot be read: permission denied" },
  ELOOP: { message: "cannot be read: a symbolic link that leads to itself" },
  ENOTDIR: { message: "no such file or folder: a part of the path is a file" },
  EISDIR: { message: "is a folder where a file was expected" },
  EMFILE: { message: "cannot be read: too many open files", hint: "raise the limit (ulimit -n)" },
};

export function describeFileSystemError(
  file: string,
  error: unknown,
): { code: string; problem: ManifestError } {
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  const known = words[code] ?? { message: `cannot be read: ${message}` };
  return { code, problem: { file, ...known } };
}
