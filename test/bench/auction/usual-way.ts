/**
 * What an engineer in a hurry writes with the libraries everybody knows: Nest on Express, TypeORM's repositories,
 * pg-boss, axios, json-rules-engine. It decides far less than Arremate does (six rules, no table, no exposure, no trace) and
 * keeps less; neither slowed down nor sped up on purpose.
 */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Agent } from 'node:http';
import { Body, Controller, HttpCode, Inject, Injectable, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import axios from 'axios';
import Decimal from 'decimal.js';
import { Engine } from 'json-rules-engine';
import PgBoss from 'pg-boss';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn, type Repository } from 'typeorm';

const QUEUE = 'auction';
/** As in pg-boss's manual: one worker. It asks twice a second at most, and gets so many jobs then (one, by default). */
const AT_ONCE = 50;

@Entity()
class Webhook {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column({ type: 'text', unique: true }) key!: string;
  @Column({ type: 'jsonb' }) body!: object;
  @Column({ type: 'timestamptz' }) receivedAt!: Date;
}

@Entity()
class Auction {
  @PrimaryColumn({ type: 'text' }) key!: string;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'text' }) limitText!: string;
  @Column({ type: 'numeric' }) requestedAmount!: string;
  @Column({ type: 'numeric' }) margin!: string;
  @Column({ type: 'timestamptz' }) receivedAt!: Date;
}

@Entity()
class Decision {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column({ type: 'text' }) auctionKey!: string;
  @Column({ type: 'text' }) outcome!: string;
  @Column({ type: 'jsonb' }) reasons!: object;
}

@Entity()
class Bid {
  @PrimaryColumn({ type: 'uuid' }) controlKey!: string;
  @Column({ type: 'text' }) auctionKey!: string;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'numeric' }) rate!: string;
  @Column({ type: 'numeric' }) amount!: string;
  @Column({ type: 'numeric' }) installment!: string;
  @Column({ type: 'integer' }) installments!: number;
  @Column({ type: 'text', nullable: true }) proposalKey!: string | null;
}

interface RequestBody {
  readonly key: string;
  readonly data: {
    readonly inclusion_limit_datetime: string;
    readonly issuer_proposal_request_data: {
      readonly birth_date: string;
      readonly admission_date: string;
      readonly disbursed_issue_amount: number;
      readonly consigned_credit_balance: number;
      readonly number_of_installments: number;
      readonly eligible: boolean;
      readonly political_exposition: string;
      readonly alerts: readonly object[];
    };
  };
}

const engine = new Engine();
for (const [fact, operator, value] of [
  ['eligible', 'notEqual', true],
  ['amount', 'lessThan', 500],
  ['amount', 'greaterThan', 50_000],
  ['age', 'lessThan', 21],
  ['exposition', 'notEqual', 'not_exposed'],
  ['alerts', 'greaterThan', 0],
] as const) {
  engine.addRule({ conditions: { all: [{ fact, operator, value }] }, event: { type: fact } });
}

@Injectable()
class Bidder {
  readonly #http = axios.create({ httpAgent: new Agent({ keepAlive: true, maxSockets: 64 }) });

  constructor(
    @Inject(getRepositoryToken(Webhook)) private readonly webhooks: Repository<Webhook>,
    @Inject(getRepositoryToken(Auction)) private readonly auctions: Repository<Auction>,
    @Inject(getRepositoryToken(Decision)) private readonly decisions: Repository<Decision>,
    @Inject(getRepositoryToken(Bid)) private readonly bids: Repository<Bid>,
  ) {}

  async bid(webhookId: string): Promise<void> {
    const webhook = await this.webhooks.findOneByOrFail({ id: webhookId });
    const body = webhook.body as RequestBody;
    const asked = body.data.issuer_proposal_request_data;
    await this.auctions.save({
      key: body.key,
      status: 'open',
      limitText: body.data.inclusion_limit_datetime,
      requestedAmount: String(asked.disbursed_issue_amount),
      margin: String(asked.consigned_credit_balance),
      receivedAt: webhook.receivedAt,
    });
    const { events } = await engine.run({
      eligible: asked.eligible,
      amount: asked.disbursed_issue_amount,
      age: new Date().getFullYear() - Number(asked.birth_date.slice(0, 4)),
      exposition: asked.political_exposition,
      alerts: asked.alerts.length,
    });
    const reasons = events.map(({ type }) => type);
    const outcome = reasons.length > 0 ? 'no_bid' : 'bid';
    await this.decisions.save({ auctionKey: body.key, outcome, reasons });
    if (outcome === 'no_bid') {
      await this.auctions.save({ key: body.key, status: 'declined' });
      return;
    }
    const rate = new Decimal('0.0249');
    const amount = new Decimal(asked.disbursed_issue_amount);
    const months = asked.number_of_installments;
    const installment = amount
      .times(rate)
      .div(new Decimal(1).minus(rate.plus(1).pow(-months)))
      .toFixed(2);
    const bid = await this.bids.save({
      controlKey: randomUUID(),
      auctionKey: body.key,
      status: 'sending',
      rate: rate.toFixed(),
      amount: amount.toFixed(),
      installment,
      installments: months,
      proposalKey: null,
    });
    const answer = await this.#http.post<{ auction_proposal_key: string }>(
      `${process.env['QI_BASE_URL'] ?? ''}/private_payroll_auction/issuer_proposal_request/${body.key}/auction_proposal`,
      {
        request_control_key: bid.controlKey,
        disbursed_issue_amount: asked.disbursed_issue_amount,
        monthly_interest_rate: Number(bid.rate),
        number_of_installments: months,
        purchaser_document_number: '11222333000181',
        days_to_expiration: 1,
      },
    );
    await this.bids.save({
      controlKey: bid.controlKey,
      status: 'accepted',
      proposalKey: answer.data.auction_proposal_key,
    });
    await this.auctions.save({ key: body.key, status: 'bid' });
  }
}

const boss = new PgBoss({ connectionString: process.env['DATABASE_URL'] ?? '' });
const ENTITIES = [Webhook, Auction, Decision, Bid];

@Controller()
class WebhookController {
  constructor(@Inject(getRepositoryToken(Webhook)) private readonly webhooks: Repository<Webhook>) {}

  @Post('webhooks/qi')
  @HttpCode(200)
  async receive(@Body() body: RequestBody): Promise<object> {
    const known = await this.webhooks.findOneBy({ key: body.key });
    if (known === null) {
      const { id } = await this.webhooks.save({ key: body.key, body, receivedAt: new Date() });
      await boss.send(QUEUE, { id });
    }
    return { status: 'received' };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL'] ?? '',
      entities: ENTITIES,
      synchronize: true,
      poolSize: 16,
    }),
    TypeOrmModule.forFeature(ENTITIES),
  ],
  controllers: [WebhookController],
  providers: [Bidder],
})
class UsualModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(UsualModule, { logger: false });
  await boss.start();
  await boss.createQueue(QUEUE);
  const bidder = app.get(Bidder);
  await boss.work<{ id: string }>(
    QUEUE,
    { batchSize: AT_ONCE, pollingIntervalSeconds: 0.5 },
    async (jobs) => {
      await Promise.all(jobs.map(({ data }) => bidder.bid(data.id)));
    },
  );
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as { address(): AddressInfo };
  process.send?.({ port: server.address().port });
}

void main();
