/** What the process as a whole says of itself: version, memory, CPU. Threads speak for themselves (thread-metrics.ts). */
import type { Clock } from "@waystone/base/clock";
import type { MetricsRegistry } from "@waystone/base/metrics";

const microsecondsPerSecond = 1e6;

/** The function that is returned brings the values up to date. */
export function openProcessMetrics(registry: MetricsRegistry, clock: Clock, version: string): () => void {
  const help = "1, with the version that runs.";
  registry.gauge("waystone_build_info", help, { version, node: process.version }).set(1);
  // By this name Istio's dashboards count proxies by version.
  registry.gauge("istio_build", help, { component: "proxy", tag: version }).set(1);
  const startedAt = registry.gauge(
    "process_start_time_seconds",
    "When the process started, since the Unix epoch.",
  );
  startedAt.set(clock.wallMs() / 1000 - process.uptime());
  const cpu = registry.counter("process_cpu_seconds_total", "User and system CPU time.");
  const resident = registry.gauge("process_resident_memory_bytes", "Memory of the process that is in RAM.");
  return () => {
    const { user, system } = process.cpuUsage();
    cpu.value = (user + system) / microsecondsPerSecond;
    resident.set(process.memoryUsage.rss());
  };
}
