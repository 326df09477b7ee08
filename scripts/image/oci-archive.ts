/**
 * The parts of an OCI image archive (image-spec 1.1: layout, index, manifest, configuration), and the manifest.json by which
 * `docker load` of any age knows it. The same layers and the same configuration are the same bytes: there are no times.
 */
import { createHash } from "node:crypto";

export interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

export interface OciLayer extends Descriptor {
  readonly mediaType:
    | "application/vnd.oci.image.layer.v1.tar"
    | "application/vnd.oci.image.layer.v1.tar+gzip";
  /** The digest of the tar before compression. */
  readonly diffId: string;
}

/** What an engine does with the image: `config` of the image configuration. */
export interface RunConfig {
  readonly Entrypoint: readonly string[];
  readonly Env: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
}

export interface OciImage {
  /** The full reference: registry/name:tag. */
  readonly name: string;
  readonly config: RunConfig;
  readonly layers: readonly OciLayer[];
}

export interface ArchiveFile {
  readonly path: string;
  readonly content: Buffer;
}

export interface OciArchive {
  /** The digest by which the image is known everywhere. */
  readonly digest: string;
  /** All files of the archive but the layers, which belong at `blobPath(layer.digest)`. */
  readonly files: readonly ArchiveFile[];
}

export function describeImage({ name, config, layers }: OciImage): OciArchive {
  const configBlob = jsonBlob({
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...descriptor(configBlob) },
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  });
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        ...descriptor(manifest),
        annotations: { "io.containerd.image.name": name },
      },
    ],
  };
  const dockerManifest = [
    {
      Config: blobPath(configBlob.digest),
      RepoTags: [name],
      Layers: layers.map(({ digest }) => blobPath(digest)),
    },
  ];
  return {
    digest: manifest.digest,
    files: [
      { path: "oci-layout", content: toJson({ imageLayoutVersion: "1.0.0" }) },
      { path: "index.json", content: toJson(index) },
      { path: "manifest.json", content: toJson(dockerManifest) },
      ...[configBlob, manifest].map(({ digest, content }) => ({ path: blobPath(digest), content })),
    ],
  };
}

/** Where a blob is in the archive. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

function jsonBlob(value: unknown): Blob {
  const content = toJson(value);
  return { digest: digestOf(content), content };
}

function toJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function descriptor({ digest, content }: Blob): Descriptor {
  return { digest, size: content.length };
}
