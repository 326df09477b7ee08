/**
 * Counters, gauges and histograms. A series is bound once (when configuration changes or a new label set first occurs)
 * and then costs an addition per record. Workers each have a registry; the main thread merges their samples on scrape.
 */

export type Labels = Readonly<Record<string, string>>;
export type MetricType = "counter" | "gauge" | "histogram";

/** The millisecond buckets that Istio's stock dashboards expect. */
export const durationBucketsMs: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
];
export const sizeBucketsBytes: readonly number[] = [
  1, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 10_000_000, 100_000_000,
];

export class Counter {
  value = 0;
  add(amount: number): void {
    this.value += amount;
  }
}

export class Gauge {
  value = 0;
  set(value: number): void {
    this.value = value;
  }
  add(amount: number): void {
    this.value += amount;
  }
}

export class Histogram {
  readonly bounds: readonly number[];
  /** One per bound, and the last for what exceeds them all; not cumulative. */
  readonly counts: Float64Array;
  sum = 0;
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }
  record(value: number): void {
    const bounds = this.bounds;
    let index = 0;
    while (index < bounds.length && value > bounds[index]!) index++;
    this.counts[index]!++;
    this.sum += value;
  }
}

/** One series, as plain data that survives structured clone. */
export interface Sample {
  readonly labels: Labels;
  /** Counters and gauges. */
  readonly value?: number;
  /** Histograms: as in Histogram.counts. */
  readonly counts?: readonly number[];
  readonly sum?: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly bounds?: readonly number[];
  readonly samples: readonly Sample[];
}

interface Series<T> {
  readonly labels: Labels;
  readonly metric: T;
}

interface Registered {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly bounds: readonly number[] | undefined;
  readonly series: Map<string, Series<Counter | Gauge | Histogram>>;
}

/** Owns the series of one thread. Binding the same name and labels twice gives the same series. */
export class MetricsRegistry {
  readonly #families = new Map<string, Registered>();

  counter(name: string, help: string, labels: Labels = {}): Counter {
    return this.#bind(name, help, "counter", undefined, labels, () => new Counter());
  }

  gauge(name: string, help: string, labels: Labels = {}): Gauge {
    return this.#bind(name, help, "gauge", undefined, labels, () => new Gauge());
  }

  histogram(name: string, help: string, bounds: readonly number[], labels: Labels = {}): Histogram {
    return this.#bind(name, help, "histogram", bounds, labels, () => new Histogram(bounds));
  }

  /** Forgets one series (its object, or endpoint, is gone). */
  drop(name: string, labels: Labels): void {
    this.#families.get(name)?.series.delete(labelKey(labels));
  }

  collect(): Family[] {
    return [...this.#families.values()].map((family) => ({
      name: family.name,
      help: family.help,
      type: family.type,
      ...(family.bounds === undefined ? {} : { bounds: family.bounds }),
      samples: [...family.series.values()].map(sampleOf),
    }));
  }

  #bind<T extends Counter | Gauge | Histogram>(
    name: string,
    help: string,
    type: MetricType,
    bounds: readonly number[] | undefined,
    labels: Labels,
    create: () => T,
  ): T {
    let family = this.#families.get(name);
    if (family === undefined) {
      family = { name, help, type, bounds, series: new Map() };
      this.#families.set(name, family);
    }
    if (family.type !== type) throw new Error(`metric ${name} is a ${family.type}, not a ${type}`);
    if (family.bounds !== bounds && family.bounds?.join() !== bounds?.join()) {
      throw new Error(`metric ${name} has the buckets ${family.bounds?.join(", ")}: all its series must`);
    }
    const key = labelKey(labels);
    const known = family.series.get(key);
    if (known !== undefined) return known.metric as T;
    const metric = create();
    family.series.set(key, { labels, metric });
    return metric;
  }
}

function sampleOf(series: Series<Counter | Gauge | Histogram>): Sample {
  const { labels, metric } = series;
  if (metric instanceof Histogram) return { labels, counts: [...metric.counts], sum: metric.sum };
  return { labels, value: metric.value };
}

function labelKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Adds up what several registries collected: counters, gauges and histograms of the same labels are summed. */
export function mergeFamilies(sources: readonly (readonly Family[])[]): Family[] {
  const merged = new Map<string, { family: Family; samples: Map<string, Sample> }>();
  for (const family of sources.flat()) {
    let entry = merged.get(family.name);
    if (entry === undefined) {
      entry = { family, samples: new Map() };
      merged.set(family.name, entry);
    }
    for (const sample of family.samples) {
      const key = labelKey(sample.labels);
      const other = entry.samples.get(key);
      entry.samples.set(key, other === undefined ? sample : addSamples(other, sample));
    }
  }
  return [...merged.values()].map(({ family, samples }) => ({ ...family, samples: [...samples.values()] }));
}

function addSamples(a: Sample, b: Sample): Sample {
  if (a.counts !== undefined && b.counts !== undefined) {
    return {
      labels: a.labels,
      counts: a.counts.map((count, i) => count + (b.counts![i] ?? 0)),
      sum: (a.sum ?? 0) + (b.sum ?? 0),
    };
  }
  return { labels: a.labels, value: (a.value ?? 0) + (b.value ?? 0) };
}
