/** A Service port that cannot be listened on, in words: what failed, for which Service, why, and what to do. */

export interface PortProblem {
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly portName: string;
  readonly port: number;
  /** "address:port" */
  readonly place: string;
  /** The system's code, or what else went wrong. */
  readonly code: string;
  readonly message: string;
}

export interface ProbedPort {
  readonly service: string;
  readonly portName: string;
  readonly port: number;
  readonly address: string;
  readonly listenPort: number;
  readonly place: string;
}

export function portProblem(port: ProbedPort, code: string): PortProblem {
  const { service, portName, place } = port;
  const name = portName === "" ? String(port.port) : portName;
  const message = `cannot listen on ${place} for Service ${service} port ${name}: ${explain(port, code)}`;
  return { service, portName, port: port.port, place, code, message };
}

function explain(port: ProbedPort, code: string): string {
  switch (code) {
    case "EADDRINUSE":
      return (
        "another process listens there (another waystone?); stop it, or give the Service another port " +
        `(ss -ltnp 'sport = :${port.listenPort}' shows who it is)`
      );
    case "EACCES":
      return port.listenPort < 1024
        ? "privileged port, needs CAP_NET_BIND_SERVICE or a port from 1024"
        : "the system forbids it (a security policy?)";
    case "EADDRNOTAVAIL":
      return `this machine has no address ${port.address}; outside of a cluster use a clusterIP in 127.0.0.0/8`;
    case "EMFILE":
    case "ENFILE":
      return "no file descriptors are left; raise the limit (ulimit -n)";
    default:
      return code;
  }
}
