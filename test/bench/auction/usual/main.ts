/** The bidder that an engineer in a hurry writes: Nest on Express, TypeORM's save(), pg-boss, axios, json-rules-engine. */
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuctionService, type RequestWebhook } from './auction.service';
import { Auction, Bid, Decision, WebhookEvent } from './entities';

@Controller('webhooks')
class WebhookController {
  constructor(private readonly auctions: AuctionService) {}

  @Post('qi')
  @HttpCode(200)
  async receive(@Body() webhook: object): Promise<object> {
    await this.auctions.receive(webhook as RequestWebhook);
    return { received: true };
  }
}

const entities = [WebhookEvent, Auction, Decision, Bid];

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL'] ?? '',
      entities,
      synchronize: true,
    }),
    TypeOrmModule.forFeature(entities),
  ],
  controllers: [WebhookController],
  providers: [AuctionService],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error', 'warn'] });
  await app.listen(0, '127.0.0.1');
  const server: Server = app.getHttpServer();
  process.send?.({ port: (server.address() as AddressInfo).port });
}

process.on('disconnect', () => process.exit(0));
void main();
