import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';

@Module({})
class FunctionModule {}

const strategy: CustomStrategy['strategy'] = { listen: (callback) => callback() as unknown, close: () => undefined };
const app = NestFactory.createMicroservice<CustomStrategy>(FunctionModule, { strategy, logger: ['error'] });

/** Starts an empty microservice of Nest, and handles nothing. */
export async function handler(): Promise<{ batchItemFailures: never[] }> {
  await (await app).listen();
  return { batchItemFailures: [] };
}
