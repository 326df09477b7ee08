/** What both ends of the delta protocol handle: resources as encoded bytes, and changes to sets of them. */
import type { TypeUrl } from "@waystone/api/names";

export interface EncodedResource {
  readonly typeUrl: TypeUrl;
  readonly name: string;
  /** Hash of `body`: the same content has the same version, whoever computed it. */
  readonly version: string;
  /** The message of type `typeUrl`, encoded. Encoded once, sent to every waypoint. */
  readonly body: Uint8Array;
}

/** A change of one type, as it arrives at a waypoint. */
export interface ResourceDelta {
  readonly typeUrl: TypeUrl;
  readonly upserts: readonly EncodedResource[];
  /** Names that are gone, and names asked for by name that do not exist. */
  readonly removals: readonly string[];
}

/** A resource that was refused. The version before it, if any, goes on serving. */
export interface Rejected {
  readonly name: string;
  readonly reason: string;
}

/**
 * Takes a delta into use. Resolves once every worker runs it; what is not listed in the answer was accepted. Calls do not
 * overlap.
 */
export type ApplyDelta = (delta: ResourceDelta) => Promise<readonly Rejected[]>;

/** What a server may offer. Answers are for one waypoint at a time: `scope` is the waypoint, "<namespace>/<gateway>" or "*". */
export interface ResourceCatalog {
  /** All resources of a type that the scope needs. Not asked for types that are requested by name. */
  list(typeUrl: TypeUrl, scope: string): Iterable<EncodedResource>;
  /** One resource, where the scope may have it. */
  get(typeUrl: TypeUrl, name: string, scope: string): EncodedResource | undefined;
  /** Announces what may have changed for somebody, a pass at a time, after `list` and `get` show it. */
  onChange(listener: (change: CatalogChange) => void): () => void;
}

export interface CatalogChange {
  /** Names by type. */
  readonly changed: ReadonlyMap<TypeUrl, ReadonlySet<string>>;
  /** Send at once; otherwise changes may be gathered for up to 10 ms after a first push. */
  readonly urgent: boolean;
}

/** What a server learns from its waypoints, for status. `node` names the stream's waypoint process. */
export interface AckObserver {
  connected(node: ConnectedNode): void;
  disconnected(node: ConnectedNode): void;
  /** Every resource of a push, each with its verdict; an absent version is a removal that was taken. */
  acknowledged(
    node: ConnectedNode,
    typeUrl: TypeUrl,
    verdicts: readonly {
      readonly name: string;
      readonly version: string | undefined;
      readonly error?: string;
    }[],
  ): void;
}

export interface ConnectedNode {
  /** Unique per process: "<namespace>/<gateway>/<instance>". */
  readonly id: string;
  readonly scope: string;
}
