/**
 * A one-layer OCI image archive from plain files, with no engine and no registry. The layer is not compressed: the archive
 * never leaves this machine, and containerd then has nothing to unpack twice. Same files, same bytes.
 */
import { layerEntries } from "../../scripts/image/layer-entries.ts";
import { blobPath, describeImage, digestOf } from "../../scripts/image/oci-archive.ts";
import { buildTar } from "../../scripts/image/tar.ts";

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

export function buildImage(image: ImageDescription): Buffer {
  const layer = buildTar(layerEntries([...folders, ...image.files.map(withMode)]));
  const digest = digestOf(layer);
  const { files } = describeImage({
    name: image.name,
    config: {
      Entrypoint: image.entrypoint,
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin:/"],
      ...(image.user === undefined ? {} : { User: image.user }),
    },
    layers: [
      { mediaType: "application/vnd.oci.image.layer.v1.tar", digest, diffId: digest, size: layer.length },
    ],
  });
  return buildTar([...files, { path: blobPath(digest), content: layer }].map(asPlainFile));
}

/** Any image has them. */
const folders = [
  { path: "/tmp", mode: 0o1777 },
  { path: "/etc", mode: 0o755 },
];

function withMode(file: ImageFile): Required<ImageFile> {
  return { mode: 0o755, ...file };
}

function asPlainFile<T extends object>(file: T): T & { mode: number } {
  return { ...file, mode: 0o644 };
}
