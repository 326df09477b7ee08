/**
 * A kubeconfig, as kubectl reads it: one file or several merged, where for each name the first file that has it counts, and
 * the first current-context. Relative paths are relative to the file they stand in.
 */
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import type { Environment } from "../transport/pick-proxy.ts";

export interface KubeconfigCluster {
  readonly server?: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
  readonly "proxy-url"?: string;
}

export interface KubeconfigExec {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: "Never" | "IfAvailable" | "Always";
}

export interface KubeconfigUser {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly exec?: KubeconfigExec;
  readonly "auth-provider"?: { readonly name?: string; readonly config?: Readonly<Record<string, string>> };
  readonly as?: string;
  readonly "as-uid"?: string;
  readonly "as-groups"?: readonly string[];
}

export interface KubeconfigContext {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** What is said, and in which file's folder. */
export interface Said<T> {
  readonly value: T;
  readonly folder: string;
}

export interface Kubeconfig {
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Said<KubeconfigCluster>>;
  readonly users: ReadonlyMap<string, Said<KubeconfigUser>>;
  readonly contexts: ReadonlyMap<string, Said<KubeconfigContext>>;
}

interface KubeconfigFile {
  readonly "current-context"?: string;
  readonly clusters?: readonly { readonly name?: string; readonly cluster?: KubeconfigCluster }[] | null;
  readonly users?: readonly { readonly name?: string; readonly user?: KubeconfigUser }[] | null;
  readonly contexts?: readonly { readonly name?: string; readonly context?: KubeconfigContext }[] | null;
}

export interface ReadKubeconfigOptions {
  /** From a flag: this file alone, and it must be there. */
  readonly file?: string | undefined;
  readonly environment: Environment;
}

/** Undefined where nobody named a file and the usual one is not there. Throws for a file that can't be read or makes no sense. */
export function readKubeconfig({ file, environment }: ReadKubeconfigOptions): Kubeconfig | undefined {
  if (file !== undefined) return merge([read(file)]);
  const listed = environment["KUBECONFIG"] ?? "";
  const named = listed.split(path.delimiter).filter((each) => each !== "");
  const usual = path.join(environment["HOME"] ?? os.homedir(), ".kube", "config");
  const files = (named.length > 0 ? named : [usual]).flatMap((each) => readIfThere(each) ?? []);
  if (files.length > 0) return merge(files);
  if (named.length === 0) return undefined;
  throw new Error(`KUBECONFIG names ${named.join(", ")}: no such file`);
}

interface Parsed {
  readonly file: string;
  readonly content: KubeconfigFile;
}

function readIfThere(file: string): Parsed | undefined {
  try {
    return read(file);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.cause instanceof Error && "code" in thrown.cause) {
      if (thrown.cause.code === "ENOENT") return undefined;
    }
    throw thrown;
  }
}

function read(file: string): Parsed {
  try {
    const content: unknown = parse(readFileSync(file, "utf8")) ?? {};
    if (typeof content !== "object" || Array.isArray(content)) throw new Error("it holds no fields");
    return { file, content: content as KubeconfigFile };
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`kubeconfig ${file} can't be read: ${detail}`, { cause: thrown });
  }
}

function merge(files: readonly Parsed[]): Kubeconfig {
  const clusters = new Map<string, Said<KubeconfigCluster>>();
  const users = new Map<string, Said<KubeconfigUser>>();
  const contexts = new Map<string, Said<KubeconfigContext>>();
  for (const { file, content } of files) {
    const folder = path.dirname(path.resolve(file));
    for (const { name, cluster } of content.clusters ?? []) add(clusters, name, cluster, folder);
    for (const { name, user } of content.users ?? []) add(users, name, user, folder);
    for (const { name, context } of content.contexts ?? []) add(contexts, name, context, folder);
  }
  const currentContext = files.map(({ content }) => content["current-context"]).find((each) => each);
  return { files: files.map(({ file }) => file), currentContext, clusters, users, contexts };
}

function add<T>(
  to: Map<string, Said<T>>,
  name: string | undefined,
  value: T | undefined,
  folder: string,
): void {
  if (name !== undefined && value !== undefined && value !== null && !to.has(name))
    to.set(name, { value, folder });
}
