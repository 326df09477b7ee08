/** The cluster's DNS: an ordinary Deployment, with the one image that `build` makes of CoreDNS. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { dnsService } from "./addresses.ts";
import { imageOf } from "./build/components.ts";

const manifestFile = path.join(import.meta.dirname, "manifests/coredns.yaml");

export function coreDnsManifest(): string {
  return readFileSync(manifestFile, "utf8")
    .replaceAll("COREDNS_IMAGE", imageOf("coredns"))
    .replaceAll("DNS_ADDRESS", dnsService);
}
