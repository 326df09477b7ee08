/**
 * How a waypoint reaches its controller: over TLS with a token that says who it is, or in plaintext without leaving the
 * machine. Nothing in between, and no falling back from one to the other.
 */
import { errorMessage } from "@waystone/base/error-message";
import type { ConnectDeltaOptions } from "@waystone/xds/grpc/connect-delta";
import { parsePushAddress } from "@waystone/xds/grpc/push-address";
import { CliError } from "../cli-error.ts";
import { formatAddress, parseLoopbackAddress } from "../flags/parse-address.ts";

export interface PushChannelFlags {
  readonly controller: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly gateway?: string;
}

export interface PushChannel extends Pick<ConnectDeltaOptions, "address" | "tls" | "tokenFile"> {
  /** In a pod of a cluster: not on a machine of somebody's, with loopback endpoints and everything. */
  readonly isSecure: boolean;
}

export function pushChannel({ controller, tokenFile, caFile, gateway }: PushChannelFlags): PushChannel {
  if (tokenFile === undefined && caFile === undefined) {
    const reason = "without --token-file the push channel has no TLS";
    return {
      address: formatAddress(parseLoopbackAddress(controller, "--controller", reason)),
      isSecure: false,
    };
  }
  if (tokenFile === undefined || caFile === undefined) {
    const [given, missing] =
      tokenFile === undefined ? ["--ca-file", "--token-file"] : ["--token-file", "--ca-file"];
    throw new CliError(
      `${given} is given and ${missing} is not: TLS needs both, plaintext on loopback neither`,
    );
  }
  if (gateway === undefined) {
    throw new CliError(
      "--gateway is missing: with --token-file a waypoint is that of one Gateway, such as shop/waypoint",
    );
  }
  return { address: checked(controller), tls: { caFile }, tokenFile, isSecure: true };
}

function checked(controller: string): string {
  try {
    parsePushAddress(controller);
  } catch (error) {
    throw new CliError(`--controller: ${errorMessage(error)}`);
  }
  return controller;
}
