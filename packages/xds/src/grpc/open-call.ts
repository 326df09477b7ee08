/** One attempt of a waypoint to stream from one controller address: a channel of its own, ended with it. */
import { Client, type ClientDuplexStream, credentials } from "@grpc/grpc-js";
import type { DeltaClient } from "../client/delta-client.ts";
import { buildClientOptions, type Keepalive } from "./channel-settings.ts";
import { deltaMethod } from "./delta-method.ts";

export interface OpenCallOptions {
  readonly client: DeltaClient;
  readonly address: string;
  readonly keepalive: Keepalive;
  /** A response was received and answered: the controller is there and understood. */
  readonly answered: () => void;
  /** Once, unless closed from this side. */
  readonly ended: (reason: string) => void;
}

/** Answers with what closes the attempt. */
export function openCall({ client, address, keepalive, answered, ended }: OpenCallOptions): () => void {
  const channel = new Client(address, credentials.createInsecure(), buildClientOptions(keepalive));
  const { path, requestSerialize, responseDeserialize } = deltaMethod;
  const call: ClientDuplexStream<Uint8Array, Uint8Array> = channel.makeBidiStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
  );
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    client.disconnected();
    call.cancel();
    channel.close();
  };
  const fail = (reason: string): void => {
    if (!isOpen) return;
    close();
    ended(reason);
  };
  const receive = async (bytes: Uint8Array): Promise<void> => {
    // One response at a time: what comes behind it waits on the wire, not in memory.
    call.pause();
    await client.receive(bytes);
    if (!isOpen) return;
    answered();
    call.resume();
  };
  call.on("data", (bytes: Uint8Array) => void receive(bytes));
  call.on("drain", () => void (isOpen && client.writable()));
  call.on("error", (error) => fail(error.message));
  call.on("end", () => fail("the controller ended the stream"));
  client.open({ send: (bytes) => isOpen && call.write(bytes), close: fail });
  return close;
}
