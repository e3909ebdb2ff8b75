import type { FunctionSchema, ThriftService } from '../../idl/schema.js';
import { compareRouting } from './compare-routing.js';
import { compareFields } from './compare-structs.js';
import { type Comparing, pairOf, addFinding, UNTIL_DRAINED } from './comparing.js';
import { EFFECTS, methodLocation, type SchemaLocation, serviceLocation } from './finding.js';
import { onewayOf, type PairedServices, type ServicePair } from './pair-services.js';
import { typeText } from './type-text.js';

/**
 * Compares a service of both versions, or a service and its replacement. Compares only oneway
 * methods, because a queue carries no others.
 */
export function compareServices(comparing: Comparing, { before, after }: ServicePair): void {
  const added = onewayOf(after).filter(({ name }) => before.functions.get(name)?.oneway !== true);
  for (const old of onewayOf(before)) {
    const now = after.functions.get(old.name);
    if (now?.oneway === true) compareMethods(comparing, [before, old], [after, now]);
    else reportGone(comparing, methodLocation(now === undefined ? before : after, old.name), old, { now, added });
  }
  for (const now of added) {
    addFinding(comparing, methodLocation(after, now.name), EFFECTS.careNew, {
      rule: 'method-added',
      change: `the method is ${before.functions.has(now.name) ? 'oneway now' : 'new'}: old consumers reject its calls`,
      advice: 'roll out consumers before producers call the method',
    });
  }
}

type Method = readonly [service: ThriftService, fn: FunctionSchema];

function compareMethods(comparing: Comparing, before: Method, after: Method): void {
  const [[oldService, old], [newService, now]] = [before, after];
  const locations = { before: methodLocation(oldService, old.name), after: methodLocation(newService, now.name) };
  const [from, to] = [oldService.routing.get(old.name), newService.routing.get(now.name)];
  compareRouting(comparing, locations.after, from ?? {}, to ?? {});
  compareFields(comparing, pairOf(old.args, now.args, locations));
}

function reportGone(
  comparing: Comparing,
  at: SchemaLocation,
  old: FunctionSchema,
  { now, added }: { readonly now: FunctionSchema | undefined; readonly added: readonly FunctionSchema[] },
): void {
  if (now !== undefined) {
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule: 'method-not-oneway',
      change: 'the method is no longer oneway: new consumers reject queued calls, and new producers cannot queue calls',
      advice: 'keep the method "oneway void", and add a method with another name for calls with a reply',
    });
  }
  const signature = (fn: FunctionSchema, schema = comparing.after): string =>
    fn.args.fields.map(({ id, name, type }) => `${id} ${name} ${typeText(schema, type)}`).join();
  const candidates = added.filter((fn) => signature(fn) === signature(old, comparing.before));
  const renamed = candidates.length === 1 ? `; if ${candidates[0]!.name} is its new name, keep both` : '';
  addFinding(comparing, at, EFFECTS.breaksOld, {
    rule: 'method-removed',
    change: `the method is gone: new consumers reject its queued calls${renamed}`,
    advice: `keep the method, deprecated, with its handler, ${UNTIL_DRAINED}`,
  });
}

/** Reports a service that only the new version declares. */
export function reportAddedService(comparing: Comparing, service: ThriftService): void {
  addFinding(comparing, serviceLocation(service), EFFECTS.careNew, {
    rule: 'service-added',
    change: 'the service is new: old consumers reject its calls',
    advice: 'roll out consumers before producers call the service',
  });
}

/** Reports a service that only the old version declares. */
export function reportRemovedService(comparing: Comparing, service: ThriftService): void {
  addFinding(comparing, serviceLocation(service), EFFECTS.breaksOld, {
    rule: 'service-removed',
    change: `the service is gone: new consumers reject queued calls of ${onewayOf(service)
      .map(({ name }) => name)
      .join(', ')}`,
    advice: `keep the service, deprecated, with its handlers, ${UNTIL_DRAINED}`,
  });
}

/** Reports a service whose methods another service has now. */
export function reportRenamedService(comparing: Comparing, { before, after }: ServicePair): void {
  addFinding(comparing, serviceLocation(after), EFFECTS.breaksBoth, {
    rule: 'service-renamed',
    change: `the name was ${before.name}: the other version rejects calls that name their service, as clients with the option multiplexed write them ("${before.name}:…")`,
    advice: `keep the name ${before.name}; if no client has the option multiplexed, calls name no service and nothing breaks`,
  });
}

/**
 * Reports methods that a second service declares from now on. A call without a service name is then
 * ambiguous.
 */
export function reportAmbiguous(comparing: Comparing, { kept, renamed, removed, added }: PairedServices): void {
  const stayed = [...kept, ...renamed];
  const olds = [...removed, ...stayed.map(({ before }) => before)];
  const news = [...added, ...stayed.map(({ after }) => after)];
  const others = (services: readonly ThriftService[], self: ThriftService, method: string): readonly ThriftService[] =>
    services.filter((service) => service !== self && service.functions.has(method));
  for (const { before, after } of stayed) {
    for (const { name } of onewayOf(before)) {
      if (after.functions.get(name)?.oneway !== true || others(olds, before, name).length > 0) continue;
      for (const rival of others(news, after, name)) {
        addFinding(comparing, methodLocation(rival, name), EFFECTS.careOld, {
          rule: 'method-ambiguous',
          change: `${after.name} has a method of this name: a consumer of both services rejects queued calls that name no service`,
          advice: 'give the method another name, or do not serve both services together',
        });
      }
    }
  }
}
