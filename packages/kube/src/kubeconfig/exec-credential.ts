/**
 * A credential from a command, as a cloud's plugin gives it (client.authentication.k8s.io): asked once, kept until shortly
 * before it says that it expires, and asked again after a 401. The command talks to the person on stderr.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import type { Clock } from "@waystone/base/clock";
import type { Environment } from "../transport/pick-proxy.ts";
import type { Credential, CredentialSource, TlsMaterial } from "../transport/transport-config.ts";
import type { KubeconfigCluster, KubeconfigExec } from "./kubeconfig.ts";

export interface ExecCredentialOptions {
  readonly exec: KubeconfigExec;
  /** Of the kubeconfig that says so: where a relative command is. */
  readonly folder: string;
  /** What else is known; the command's answer comes on top. */
  readonly base: Credential;
  readonly cluster: KubeconfigCluster;
  readonly environment: Environment;
  readonly clock: Clock;
  /** Whether a person is there to answer questions. */
  readonly isInteractive: boolean;
}

interface ExecAnswer {
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

const expiryMarginMs = 10_000;
const answerLimitBytes = 1024 * 1024;
/** A person may have to log in. */
const patienceMs = 300_000;

export function execCredential(options: ExecCredentialOptions): CredentialSource {
  const { base, clock } = options;
  let kept: { readonly credential: Credential; readonly expiresAtMs: number } | undefined;
  let asking: Promise<Credential> | undefined;
  const ask = async (): Promise<Credential> => {
    const { status = {} } = await runPlugin(options);
    const credential = withAnswer(base, status, options.exec);
    const expiresAtMs = Date.parse(status.expirationTimestamp ?? "");
    kept = { credential, expiresAtMs: Number.isNaN(expiresAtMs) ? Number.POSITIVE_INFINITY : expiresAtMs };
    return credential;
  };
  return {
    async read() {
      if (kept !== undefined && clock.wallMs() < kept.expiresAtMs - expiryMarginMs) return kept.credential;
      // Requests that come together share one run of the command.
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return await asking;
    },
    discard() {
      kept = undefined;
    },
  };
}

function withAnswer(
  base: Credential,
  status: NonNullable<ExecAnswer["status"]>,
  exec: KubeconfigExec,
): Credential {
  const { token, clientCertificateData: certificate, clientKeyData: key } = status;
  if (token === undefined && (certificate === undefined || key === undefined)) {
    throw new Error(`${exec.command}: its answer has neither a token nor a certificate with its key`);
  }
  const tls: TlsMaterial = {
    ...base.tls,
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
  };
  return { ...base, tls, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
}

async function runPlugin(options: ExecCredentialOptions): Promise<ExecAnswer> {
  const { exec, folder, environment, clock } = options;
  const { command, apiVersion } = exec;
  if (command === undefined || command === "") throw new Error("the kubeconfig's exec names no command");
  if (apiVersion === undefined || !/^client\.authentication\.k8s\.io\/v1(beta1)?$/.test(apiVersion)) {
    throw new Error(`${command}: apiVersion ${apiVersion} is none that is known: v1 and v1beta1 are`);
  }
  const mode = exec.interactiveMode ?? "IfAvailable";
  if (mode === "Always" && !options.isInteractive) {
    throw new Error(`${command} must ask questions (interactiveMode: Always), and there is no terminal`);
  }
  const isInteractive = options.isInteractive && mode !== "Never";
  // A command with a slash in it is a file beside the kubeconfig, one without is looked up.
  const file = command.includes(path.sep) ? path.resolve(folder, command) : command;
  const plugin = spawn(file, exec.args ?? [], {
    env: {
      ...environment,
      ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(options, apiVersion, isInteractive)),
    },
    stdio: [isInteractive ? "inherit" : "ignore", "pipe", "inherit"],
  });
  const timer = clock.after(patienceMs, () => plugin.kill());
  try {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const chunks: Buffer[] = [];
    let length = 0;
    plugin.stdout.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > answerLimitBytes) plugin.kill();
      else chunks.push(chunk);
    });
    plugin.once("error", (error) => reject(notRun(exec, error)));
    plugin.once("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString("utf8"));
      else reject(new Error(`${command} gave no credential: it ended with ${signal ?? `exit code ${code}`}`));
    });
    return parseExecAnswer(await promise, command);
  } finally {
    timer.cancel();
  }
}

function execInfo(
  { exec, base, cluster }: ExecCredentialOptions,
  apiVersion: string,
  interactive: boolean,
): object {
  const described = {
    server: cluster.server,
    "tls-server-name": cluster["tls-server-name"],
    "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"],
    "certificate-authority-data":
      base.tls.ca === undefined ? undefined : Buffer.from(base.tls.ca, "utf8").toString("base64"),
    "proxy-url": cluster["proxy-url"],
  };
  const spec = { interactive, ...(exec.provideClusterInfo === true ? { cluster: described } : {}) };
  return { apiVersion, kind: "ExecCredential", spec };
}

function parseExecAnswer(text: string, command: string): ExecAnswer {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === "object" && answer !== null) return answer;
  } catch {
    // Said below. The text itself may be a secret.
  }
  throw new Error(`${command}: its answer is no ExecCredential in JSON`);
}

function notRun({ command, installHint }: KubeconfigExec, error: Error): Error {
  const hint = installHint === undefined || installHint === "" ? "" : `\n${installHint.trim()}`;
  return new Error(
    `${command}, which the kubeconfig names for logging in, can't be run: ${error.message}${hint}`,
  );
}
