import 'reflect-metadata';
import { Controller } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import { ThriftController } from '#lib/nest/decorators/thrift-controller.decorator.js';

const Jobs = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 id) }'), 'Jobs');

const pathOf = (type: object): unknown => Reflect.getMetadata('path', type);

describe('the path of a controller of a service', () => {
  it('stays as it is if the class is a controller with HTTP routes', () => {
    @ThriftController(Jobs)
    @Controller('jobs')
    class JobsController {
      run(): void {}
    }
    @ThriftController(Jobs)
    class EventsController extends JobsController {}
    expect([JobsController, EventsController].map(pathOf)).toEqual(['jobs', '/']);
  });

  it('is the option of the decorator', () => {
    @ThriftController(Jobs, { path: 'events' })
    @Controller('jobs')
    class JobsController {
      run(): void {}
    }
    expect(pathOf(JobsController)).toBe('events');
  });
});
