/** One message by hand: `bin/node examples/websocket/say.ts /lobby hello`. */
import { ChatClient } from "./chat-client.ts";

const client = await ChatClient.open("127.20.0.80:8080", process.argv[2] ?? "/lobby");
console.log(await client.say(process.argv[3] ?? "hello"));
await client.leave();
