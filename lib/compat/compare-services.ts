import type { FunctionSchema, ThriftService } from '../idl/schema.js';
import { compareRouting } from './compare-routing.js';
import { compareFields } from './compare-structs.js';
import { report, UNTIL_DRAINED, type Comparing } from './comparing.js';
import { EFFECTS, type Place } from './finding.js';
import { methodPlace } from './places.js';
import { onewayOf } from './oneway-of.js';
import type { ServicePair } from './pair-services.js';
import { pairOf } from './struct-pair.js';
import { typeText } from './type-text.js';

/** A service in both versions, or one that took its place. Only oneway methods are ever called over a queue. */
export function compareServices(comparing: Comparing, { before, after }: ServicePair): void {
  const added = onewayOf(after).filter(({ name }) => before.functions.get(name)?.oneway !== true);
  for (const old of onewayOf(before)) {
    const now = after.functions.get(old.name);
    if (now?.oneway === true) compareMethods(comparing, [before, old], [after, now]);
    else reportGone(comparing, methodPlace(now === undefined ? before : after, old.name), old, { now, added });
  }
  for (const now of added) {
    report(comparing, methodPlace(after, now.name), EFFECTS.careNew, {
      rule: 'method-added',
      change: `it is ${before.functions.has(now.name) ? 'oneway now' : 'new'}: old consumers reject calls of it`,
      advice: 'roll out consumers before producers call it',
    });
  }
}

/** A method of a service. */
type Method = readonly [service: ThriftService, fn: FunctionSchema];

function compareMethods(comparing: Comparing, before: Method, after: Method): void {
  const [[oldService, old], [newService, now]] = [before, after];
  const places = { before: methodPlace(oldService, old.name), after: methodPlace(newService, now.name) };
  const [from, to] = [oldService.routing.get(old.name), newService.routing.get(now.name)];
  compareRouting(comparing, places.after, from ?? {}, to ?? {});
  compareFields(comparing, pairOf(old.args, now.args, places));
}

function reportGone(
  comparing: Comparing,
  at: Place,
  old: FunctionSchema,
  { now, added }: { readonly now: FunctionSchema | undefined; readonly added: readonly FunctionSchema[] },
): void {
  if (now !== undefined) {
    return report(comparing, at, EFFECTS.breaksOld, {
      rule: 'method-not-oneway',
      change: 'it is no longer oneway: new consumers reject queued calls, and new producers cannot queue any',
      advice: 'keep it "oneway void", and add a method of another name for calls with a reply',
    });
  }
  const signature = (fn: FunctionSchema, schema = comparing.after): string =>
    fn.args.fields.map(({ id, name, type }) => `${id} ${name} ${typeText(schema, type)}`).join();
  const alike = added.filter((fn) => signature(fn) === signature(old, comparing.before));
  const renamed = alike.length === 1 ? `; if ${alike[0]!.name} is its new name, keep both` : '';
  report(comparing, at, EFFECTS.breaksOld, {
    rule: 'method-removed',
    change: `the method is gone: new consumers reject queued calls of it${renamed}`,
    advice: `keep it, deprecated, with its handler, ${UNTIL_DRAINED}`,
  });
}
