/**
 * Events beside the objects that they are about (events.k8s.io/v1), for `kubectl describe`. Told and forgotten: nothing waits
 * for them, what is told again within ten minutes is not told again, and where the API server does not take them they are
 * dropped, because no controller may depend on its own remarks.
 */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import type { KubeObject } from "./kube-object.ts";
import type { KubeResource } from "./kube-resource.ts";
import { createObject } from "./objects/objects.ts";
import { errorFromThrown } from "./transport/api-error.ts";
import type { Transport } from "./transport/transport.ts";

export interface EventRegarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly uid?: string | undefined;
}

export interface EventNews {
  readonly type: "Normal" | "Warning";
  /** CamelCase, for machines: "Captured". */
  readonly reason: string;
  /** What was done or tried, CamelCase: "Capture". */
  readonly action: string;
  /** For people. Cut at 1024 characters, which is what the API takes. */
  readonly message: string;
}

export type RecordEvent = (regarding: EventRegarding, news: EventNews) => void;

export interface EventRecorderOptions {
  readonly transport: Transport;
  /** "waystone.dev/controller" */
  readonly component: string;
  /** The pod. */
  readonly instance: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

export interface EventRecorder {
  readonly record: RecordEvent;
  /** Resolves once what has been told so far is with the API server, or lost. */
  flush(): Promise<void>;
}

interface EventObject extends KubeObject {
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly regarding: EventRegarding;
  readonly note: string;
  readonly type: string;
}

const events: KubeResource = {
  group: "events.k8s.io",
  version: "v1",
  plural: "events",
  kind: "Event",
  namespaced: true,
};
const repeatMs = 600_000;
/** Under way at a time; beyond it news is dropped. */
const limit = 64;
/** Remembered, so as not to say it again. */
const memory = 2_048;
const longestNote = 1_024;

export function openEventRecorder(options: EventRecorderOptions): EventRecorder {
  return new Recorder(options);
}

class Recorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  /** What was told when; the oldest first. */
  readonly #told = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  readonly record: RecordEvent = (regarding, news) => {
    if (this.#underWay.size >= limit || this.#wasTold(regarding, news)) return;
    const sent = this.#send(regarding, news).finally(() => this.#underWay.delete(sent));
    this.#underWay.add(sent);
  };

  async flush(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #wasTold(regarding: EventRegarding, { reason, message }: EventNews): boolean {
    const key = [regarding.kind, regarding.namespace, regarding.name, regarding.uid, reason, message].join(
      " ",
    );
    const now = this.#options.clock.now();
    const before = this.#told.get(key);
    if (before !== undefined && now - before < repeatMs) return true;
    this.#told.delete(key);
    this.#told.set(key, now);
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= memory) break;
      this.#told.delete(oldest);
    }
    return false;
  }

  async #send(regarding: EventRegarding, news: EventNews): Promise<void> {
    const { transport, component, logger } = this.#options;
    try {
      await createObject(transport, events, this.#build(regarding, news), { fieldManager: component });
    } catch (thrown) {
      const error = errorFromThrown("events", thrown);
      logger.debug(
        { error: error.message, reason: news.reason, object: regarding.name },
        "an event was not taken",
      );
    }
  }

  #build(regarding: EventRegarding, { type, reason, action, message }: EventNews): EventObject {
    const { component, instance, clock, rng } = this.#options;
    const wallMs = clock.wallMs();
    // As client-go names them: the object's name and something that differs.
    const suffix = Math.floor(rng.next() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
    return {
      metadata: {
        name: `${regarding.name.slice(0, 200)}.${Math.floor(wallMs).toString(16)}${suffix}`,
        namespace: regarding.namespace ?? "default",
      },
      eventTime: `${new Date(wallMs).toISOString().slice(0, 23)}000Z`,
      reportingController: component,
      reportingInstance: instance.slice(0, 128),
      action,
      reason,
      regarding,
      note: message.length <= longestNote ? message : `${message.slice(0, longestNote - 3)}...`,
      type,
    };
  }
}
