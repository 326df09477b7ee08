/**
 * A credential in files that others rewrite: a pod's projected token lasts an hour and is renewed in place, and so are
 * certificates. Read again after a minute, as client-go does, and at once after a 401. A file that can't be read for a
 * moment (a volume's symbolic links are being swapped) leaves what was read before.
 */
import { readFile } from "node:fs/promises";
import type { Clock } from "@waystone/base/clock";
import type { Credential, CredentialSource } from "./transport-config.ts";

export interface CredentialFiles {
  readonly token?: string | undefined;
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

export interface FileCredentialOptions {
  readonly files: CredentialFiles;
  /** What is not in files. */
  readonly base?: Credential;
  readonly clock: Clock;
}

const rereadMs = 60_000;

export function fileCredential({
  files,
  base = { tls: {} },
  clock,
}: FileCredentialOptions): CredentialSource {
  let held: { readonly credential: Credential; readonly at: number } | undefined;
  return {
    async read() {
      if (held !== undefined && clock.now() - held.at < rereadMs) return held.credential;
      try {
        held = { credential: await readCredential(files, base), at: clock.now() };
      } catch (thrown) {
        if (held === undefined) throw thrown;
      }
      return held.credential;
    },
    discard() {
      if (held !== undefined) held = { ...held, at: Number.NEGATIVE_INFINITY };
    },
  };
}

async function readCredential(files: CredentialFiles, base: Credential): Promise<Credential> {
  const [token, ca, certificate, key] = await Promise.all(
    [files.token, files.ca, files.certificate, files.key].map(readText),
  );
  return {
    ...base,
    ...(token === undefined ? {} : { authorization: `Bearer ${token.trim()}` }),
    tls: {
      ...base.tls,
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(key === undefined ? {} : { key }),
    },
  };
}

async function readText(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : await readFile(file, "utf8");
}
