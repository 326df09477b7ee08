/**
 * What is wrong with a manifest, told so that its writer can mend it: where, which object, which field, what was expected
 * and what to do. The one type for everything that reading files can complain of.
 */

export interface ManifestError {
  /** As the user named it: the -f argument, with the path below it; "<stdin>". */
  readonly file: string;
  /** Both from 1; absent where the file as a whole is meant. */
  readonly line?: number;
  readonly column?: number;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldPath?: string;
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Origin extends Position {
  readonly file: string;
}

export function formatOrigin(origin: {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}): string {
  if (origin.line === undefined) return origin.file;
  return origin.column === undefined
    ? `${origin.file}:${origin.line}`
    : `${origin.file}:${origin.line}:${origin.column}`;
}

/** One line that says what is wrong and where, and one more, indented, that says what to do. */
export function formatManifestError(error: ManifestError): string {
  const object = formatObject(error);
  const parts = [formatOrigin(error), object, error.fieldPath, error.message];
  const line = parts.filter((part) => part !== undefined && part !== "").join(": ");
  return error.hint === undefined ? line : `${line}\n    ${error.hint}`;
}

/** "HTTPRoute shop/web", "Namespace shop", "HTTPRoute"; nothing where the kind is not known. */
function formatObject({ kind, namespace, name }: ManifestError): string | undefined {
  if (kind === undefined) return undefined;
  if (name === undefined) return kind;
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
