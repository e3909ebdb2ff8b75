import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Module({})
class FunctionModule {}

const app = NestFactory.createApplicationContext(FunctionModule, { logger: ['error'] });

/** Starts an empty application of Nest, and handles nothing. */
export async function handler(): Promise<{ batchItemFailures: never[] }> {
  await app;
  return { batchItemFailures: [] };
}
