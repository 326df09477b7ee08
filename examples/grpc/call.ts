/** One call by hand: `bin/node examples/grpc/call.ts shoes`. */
import { PricesClient } from "./prices-client.ts";

const client = new PricesClient("127.20.0.60:8080");
console.log(await client.call("/shop.Prices/Quote", process.argv[2] ?? "shoes"));
client.close();
