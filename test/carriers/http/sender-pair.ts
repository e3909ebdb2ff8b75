import { afterEach } from '@jest/globals';
import { HttpSender } from '#lib/carriers/http/http-sender.js';
import type { HttpSenderOptions } from '#lib/carriers/http/http-sender-options.js';
import { type Script, ScriptedServer } from './scripted-server.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** Closes objects after the test. */
export function closeLater(...each: readonly { close(): unknown }[]): void {
  open.push(...each);
}

/** A server that answers by script, and a sender that posts to it. */
interface Pair {
  readonly server: ScriptedServer;
  readonly sender: HttpSender;
}

/** Opens a pair, which closes after the test. */
export async function pair(script?: Script, options: Partial<HttpSenderOptions> = {}): Promise<Pair> {
  const server = await ScriptedServer.start(script);
  const sender = new HttpSender({ url: server.url, ...options });
  closeLater(sender, server);
  return { server, sender };
}
