/** Every version of one object, as the API server tells a watch: so that writes can be counted, and none can hide behind the next. */
import type { KubeObject } from "@waystone/kube/kube-object";
import { type KubeResource, type ObjectId, resourcePath } from "@waystone/kube/kube-resource";
import { getObject } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { onTestFinished } from "vitest";
import { until } from "../until.ts";

export class ObjectHistory<T extends KubeObject> {
  /** Oldest first, without the one that was there before. */
  readonly versions: T[] = [];
  readonly #transport: Transport;
  readonly #resource: KubeResource;
  readonly #id: ObjectId;
  readonly #ending = new AbortController();
  readonly #listener: (version: T) => void;
  #done: Promise<void> = Promise.resolve();
  #version: string | undefined;

  private constructor(
    transport: Transport,
    resource: KubeResource,
    id: ObjectId,
    listener: (version: T) => void,
  ) {
    this.#transport = transport;
    this.#resource = resource;
    this.#id = id;
    this.#listener = listener;
  }

  /** `listener` is told of each version when it comes. */
  static async start<T extends KubeObject>(
    transport: Transport,
    resource: KubeResource,
    id: ObjectId,
    listener: (version: T) => void = () => {},
  ): Promise<ObjectHistory<T>> {
    const history = new ObjectHistory<T>(transport, resource, id, listener);
    history.#version = await history.#current();
    const query = {
      watch: true,
      fieldSelector: `metadata.name=${id.name}`,
      resourceVersion: history.#version,
    };
    const path = resourcePath(resource, { namespace: id.namespace });
    const chunks = await transport.stream({ path, query, signal: history.#ending.signal });
    history.#done = history.#read(chunks);
    onTestFinished(() => history.#ending.abort());
    return history;
  }

  /** With everything that was written until now. */
  async stop(): Promise<readonly T[]> {
    const last = await this.#current();
    await until(() => this.#version === last, {
      deadlineMs: 60_000,
      describe: () => `the watch told of version ${this.#version}, and ${last} is the last`,
    });
    this.#ending.abort();
    await this.#done;
    return this.versions;
  }

  async #current(): Promise<string | undefined> {
    return (await getObject<T>(this.#transport, this.#resource, this.#id))?.metadata.resourceVersion;
  }

  async #read(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for await (const chunk of chunks) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.#take(line);
      }
    } catch {
      // Ended: by us, or with the transport; in between stop() misses what was not told.
    }
  }

  #take(line: string): void {
    const { object } = JSON.parse(line) as { readonly object: T };
    this.versions.push(object);
    this.#version = object.metadata.resourceVersion;
    this.#listener(object);
  }
}
