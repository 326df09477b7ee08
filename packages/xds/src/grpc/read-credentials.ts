/** What a waypoint shows and whom it believes: files that the kubelet rewrites, so they are read before every attempt. */
import { errorMessage } from "@waystone/base/error-message";
import { readFile } from "node:fs/promises";

export interface ChannelCredentials {
  readonly token: string;
  /** PEM. */
  readonly ca: string;
}

const tokenLimitBytes = 16 * 1024;

/** Throws with a text for people, which never shows the token. */
export async function readCredentials(files: {
  readonly tokenFile: string;
  readonly caFile: string;
}): Promise<ChannelCredentials> {
  const token = (await read(files.tokenFile, "the token")).trim();
  if (!/^[\x21-\x7e]+$/.test(token) || token.length > tokenLimitBytes) {
    throw new Error(`${files.tokenFile} holds no token: it is empty, too long, or not one word`);
  }
  const ca = await read(files.caFile, "the controller's CA");
  if (!ca.includes("-----BEGIN CERTIFICATE-----")) {
    throw new Error(
      `${files.caFile} holds no certificate: ConfigMap waystone-ca is empty; the controller's leader fills it`,
    );
  }
  return { token, ca };
}

async function read(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = errorMessage(error);
    throw new Error(`${what} can't be read: ${reason}; is its volume mounted?`, { cause: error });
  }
}
