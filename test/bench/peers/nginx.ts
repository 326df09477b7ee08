/** nginx, one worker: prefix locations, upstream keep-alive, the forwarding headers that any gateway sets. */
import { freePort } from "@waystone/testkit/free-port";
import { findProgram, programVersion } from "../../process/find-program.ts";
import { startNginx } from "../../process/nginx-process.ts";
import { proxyCore } from "../../process/process-group.ts";
import { type Peer, type PeerSetup, type RunningPeer, untilServing } from "./peer.ts";

export const nginx: Peer = {
  name: "nginx",
  async missing() {
    return findProgram("nginx") === undefined ? "nginx is not installed: apt-get install nginx" : undefined;
  },
  async version() {
    return programVersion(findProgram("nginx") ?? "nginx", "-v");
  },
  async start(setup): Promise<RunningPeer> {
    const port = await freePort();
    const group = await startNginx(setup.folder, buildServer(setup, port), proxyCore);
    await untilServing(`http://127.0.0.1:${port}${setup.routes.target}`, group);
    return { host: "127.0.0.1", port, process: group, stop: async () => await group.stop() };
  },
};

function buildServer(setup: PeerSetup, port: number): string {
  const pass = `proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection "";
  proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Request-Id $request_id;`;
  const locations = setup.routes.prefixes.map(
    (prefix) => `location ${prefix === "/" ? "/" : `${prefix}/`} { ${pass} }`,
  );
  return `upstream backend { server 127.0.0.1:${setup.backendPort}; keepalive 512; keepalive_requests 100000000; }
server { listen 127.0.0.1:${port} backlog=4096; client_max_body_size 0; proxy_max_temp_file_size 0; proxy_request_buffering off;
${locations.join("\n")}
}`;
}
