/**
 * A one-layer OCI image archive from plain files, with no engine and no registry. The layer is not compressed: the archive
 * never leaves this machine, and containerd then has nothing to unpack twice. Same files, same bytes.
 */
import { createHash } from "node:crypto";
import path from "node:path";
import { buildTar, type TarEntry } from "./tar.ts";

export interface ImageFile {
  /** Absolute path inside the image. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode?: number;
}

export interface ImageDescription {
  /** The full reference: registry/name:tag. */
  readonly name: string;
  readonly entrypoint: readonly string[];
  readonly files: readonly ImageFile[];
  readonly user?: string;
}

interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

export function buildImage(image: ImageDescription): Buffer {
  const layer = blob(buildTar(layerEntries(image.files)));
  const config = jsonBlob({
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config: {
      Entrypoint: image.entrypoint,
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin:/"],
      ...(image.user === undefined ? {} : { User: image.user }),
    },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  });
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...descriptor(config) },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...descriptor(layer) }],
  });
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        ...descriptor(manifest),
        annotations: { "io.containerd.image.name": image.name },
      },
    ],
  });
  return buildTar([
    { path: "oci-layout", mode: 0o644, content: Buffer.from('{"imageLayoutVersion":"1.0.0"}') },
    { path: "index.json", mode: 0o644, content: Buffer.from(index) },
    ...[config, manifest, layer].map((each) => ({
      path: `blobs/${each.digest.replace(":", "/")}`,
      mode: 0o644,
      content: each.content,
    })),
  ]);
}

/** Every folder on the way is an entry of its own, before what it holds; /etc and /tmp are there in any image. */
function layerEntries(files: readonly ImageFile[]): TarEntry[] {
  const entries: TarEntry[] = [{ path: "tmp", mode: 0o1777 }];
  const folders = new Set([".", "tmp"]);
  const addFolder = (folder: string): void => {
    if (folders.has(folder)) return;
    addFolder(path.posix.dirname(folder));
    folders.add(folder);
    entries.push({ path: folder, mode: 0o755 });
  };
  addFolder("etc");
  for (const file of files) {
    const relative = path.posix.relative("/", file.path);
    addFolder(path.posix.dirname(relative));
    entries.push({ path: relative, mode: file.mode ?? 0o755, content: file.content });
  }
  return entries;
}

function blob(content: Buffer): Blob {
  return { digest: `sha256:${createHash("sha256").update(content).digest("hex")}`, content };
}

function jsonBlob(value: unknown): Blob {
  return blob(Buffer.from(JSON.stringify(value)));
}

function descriptor({ digest, content }: Blob): { digest: string; size: number } {
  return { digest, size: content.length };
}
