import type { ThriftService } from '../idl/schema.js';
import { report, UNTIL_DRAINED, type Comparing } from './comparing.js';
import { EFFECTS } from './finding.js';
import { onewayOf } from './oneway-of.js';
import type { PairedServices, ServicePair } from './pair-services.js';
import { methodPlace, servicePlace } from './places.js';

/** A service that only the new version has. */
export function reportAddedService(comparing: Comparing, service: ThriftService): void {
  report(comparing, servicePlace(service), EFFECTS.careNew, {
    rule: 'service-added',
    change: 'the service is new: old consumers reject its calls',
    advice: 'roll out consumers before producers call it',
  });
}

/** A service that only the old version has. */
export function reportRemovedService(comparing: Comparing, service: ThriftService): void {
  report(comparing, servicePlace(service), EFFECTS.breaksOld, {
    rule: 'service-removed',
    change: `the service is gone: new consumers reject queued calls of ${onewayOf(service)
      .map(({ name }) => name)
      .join(', ')}`,
    advice: `keep it, deprecated, with its handlers, ${UNTIL_DRAINED}`,
  });
}

/** A service whose methods another one has now. */
export function reportRenamedService(comparing: Comparing, { before, after }: ServicePair): void {
  report(comparing, servicePlace(after), EFFECTS.breaksBoth, {
    rule: 'service-renamed',
    change: `it was ${before.name}: calls that name their service, as clients of several services write them ("${before.name}:…"), are rejected by the other version`,
    advice: `keep the name ${before.name}; where every client has this one service alone, calls name none and nothing breaks`,
  });
}

/** Methods that a second service has from now on: a call that names no service does not say which one is meant. */
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
        report(comparing, methodPlace(rival, name), EFFECTS.careOld, {
          rule: 'method-ambiguous',
          change: `${after.name} has a method of this name: a consumer of both services rejects queued calls that name no service`,
          advice: 'give it another name, or do not serve both services together',
        });
      }
    }
  }
}
