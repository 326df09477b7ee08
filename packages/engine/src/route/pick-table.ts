/** Whose routes decide about a client: those of its own namespace go before the Service's (GEP-1294), and are never merged with them. */

export function pickTable<Table>(
  producer: Table | undefined,
  consumers: ReadonlyMap<string, Table>,
  clientNamespace: string,
): Table | undefined {
  return consumers.get(clientNamespace) ?? producer;
}
