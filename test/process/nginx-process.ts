/** An nginx of one worker that keeps everything it writes inside a folder of its own. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { findProgram } from "./find-program.ts";
import { ProcessGroup } from "./process-group.ts";

/** Debian's package libnginx-mod-stream. */
export const streamModule = "/usr/lib/nginx/modules/ngx_stream_module.so";

/** `http`: the body of its http block; `stream`: of its stream block, which needs streamModule. */
export async function startNginx(
  folder: string,
  http: string,
  core?: number,
  stream = "",
): Promise<ProcessGroup> {
  const file = path.join(folder, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (each) => `${each}_temp_path ${folder}/${each};`,
  );
  const user = process.getuid?.() === 0 ? "user root;" : "";
  await writeFile(
    file,
    `${stream === "" ? "" : `load_module ${streamModule};`}
${user} worker_processes 1; worker_rlimit_nofile 40000; pid ${folder}/nginx.pid; error_log ${folder}/error.log; daemon off;
events { worker_connections 30000; }
http { access_log off; ${temporary.join(" ")} keepalive_requests 100000000; keepalive_timeout 600s; sendfile on;
${http}
}
${
  stream === ""
    ? ""
    : `stream { access_log off;
${stream}
}`
}
`,
  );
  return ProcessGroup.start(findProgram("nginx") ?? "nginx", ["-p", folder, "-c", file, "-e", "stderr"], {
    core,
  });
}
