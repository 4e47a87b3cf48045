import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import axios from 'axios';
import { Decimal } from 'decimal.js';
import { DateTime } from 'luxon';
import { Agent } from 'node:http';
import PgBoss from 'pg-boss';
import { In, type Repository } from 'typeorm';
import { Auction, Bid, Decision, WebhookEvent } from './entities';
import { installmentOf, monthlyRate, ruleEngine, type RuleFacts } from './rules';

export interface RequestWebhook {
  readonly key: string;
  readonly data: {
    readonly issuer_proposal_request_key: string;
    /** São Paulo's time with a Z behind. */
    readonly inclusion_limit_datetime: string;
    readonly issuer_proposal_request_data: {
      readonly document_number: string;
      readonly employer_document_number: string;
      readonly employer_document_type: string;
      readonly disbursed_issue_amount: number;
      readonly number_of_installments: number;
      readonly consigned_credit_balance: number;
      readonly birth_date: string;
      readonly admission_date: string;
      readonly eligible: boolean;
      readonly political_exposition: string;
      readonly alerts: readonly object[];
    };
  };
}

const QUEUE = 'auction';
/** Jobs fetched at once, and how many fetch: of the settings tried those with which it does most. */
const BATCH = 50;
const WORKERS = 2;
/** As often as pg-boss allows. */
const POLL_SECONDS = 0.5;

/** Saves the webhook and queues it; a worker opens the auction, decides, bids, and saves what came back. */
@Injectable()
export class AuctionService implements OnModuleInit, OnModuleDestroy {
  readonly #boss = new PgBoss(process.env['DATABASE_URL'] ?? '');
  readonly #engine = ruleEngine();
  readonly #http = axios.create({
    baseURL: process.env['QI_BASE_URL'] ?? '',
    httpAgent: new Agent({ keepAlive: true }),
    timeout: 10_000,
  });

  constructor(
    @InjectRepository(WebhookEvent) private readonly webhooks: Repository<WebhookEvent>,
    @InjectRepository(Auction) private readonly auctions: Repository<Auction>,
    @InjectRepository(Decision) private readonly decisions: Repository<Decision>,
    @InjectRepository(Bid) private readonly bids: Repository<Bid>,
  ) {}

  async onModuleInit(): Promise<void> {
    this.#boss.on('error', (error) => {
      console.error(error);
    });
    await this.#boss.start();
    await this.#boss.createQueue(QUEUE);
    for (let worker = 0; worker < WORKERS; worker += 1) {
      await this.#boss.work<{ id: string }>(
        QUEUE,
        { batchSize: BATCH, pollingIntervalSeconds: POLL_SECONDS },
        async (jobs) => {
          await Promise.all(jobs.map(({ data }) => this.handle(data.id)));
        },
      );
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.#boss.stop();
  }

  async receive(webhook: RequestWebhook): Promise<void> {
    if ((await this.webhooks.findOneBy({ key: webhook.key })) !== null) return;
    const { id } = await this.webhooks.save(
      this.webhooks.create({ key: webhook.key, payload: webhook, status: 'new' }),
    );
    await this.#boss.send(QUEUE, { id });
  }

  private async handle(id: string): Promise<void> {
    const event = await this.webhooks.findOneByOrFail({ id });
    const auction = await this.open(event.payload as RequestWebhook);
    if (auction.limitAt.getTime() <= Date.now()) auction.status = 'late';
    else await this.decideAndBid(auction, event.payload as RequestWebhook);
    await this.auctions.save(auction);
    event.status = 'processed';
    await this.webhooks.save(event);
  }

  private open({ data }: RequestWebhook): Promise<Auction> {
    const asked = data.issuer_proposal_request_data;
    return this.auctions.save(
      this.auctions.create({
        key: data.issuer_proposal_request_key,
        documentNumber: asked.document_number,
        employerDocumentNumber: asked.employer_document_number,
        requestedAmount: String(asked.disbursed_issue_amount),
        requestedInstallments: asked.number_of_installments,
        limitAt: DateTime.fromISO(data.inclusion_limit_datetime.replace('Z', ''), {
          zone: 'America/Sao_Paulo',
        }).toJSDate(),
        status: 'open',
      }),
    );
  }

  private async decideAndBid(auction: Auction, { data }: RequestWebhook): Promise<void> {
    const asked = data.issuer_proposal_request_data;
    const today = DateTime.now().setZone('America/Sao_Paulo');
    const age = today.diff(DateTime.fromISO(asked.birth_date), 'years').years;
    const tenureMonths = today.diff(DateTime.fromISO(asked.admission_date), 'months').months;
    const amount = new Decimal(asked.disbursed_issue_amount);
    const rate = monthlyRate(tenureMonths);
    const installmentValue = installmentOf(amount, rate, asked.number_of_installments);
    const facts: RuleFacts = {
      eligible: asked.eligible,
      employerType: asked.employer_document_type,
      age,
      ageAtEnd: age + asked.number_of_installments / 12,
      tenureMonths,
      exposition: asked.political_exposition,
      alerts: asked.alerts.length,
      amount: amount.toNumber(),
      installments: asked.number_of_installments,
      liveBids: await this.bids.countBy({
        documentNumber: asked.document_number,
        status: In(['sending', 'accepted']),
      }),
      installmentToMargin: installmentValue.div(asked.consigned_credit_balance).toNumber(),
    };
    const { events } = await this.#engine.run({ ...facts });
    const reasons = events.map(({ type }) => type);
    const outcome = reasons.length === 0 ? 'bid' : 'no_bid';
    await this.decisions.save(this.decisions.create({ auctionKey: auction.key, outcome, reasons }));
    if (outcome === 'no_bid') {
      auction.status = 'declined';
      return;
    }
    auction.status = 'bidding';
    await this.auctions.save(auction);
    const bid = await this.bids.save(
      this.bids.create({
        auctionKey: auction.key,
        documentNumber: asked.document_number,
        amount: amount.toFixed(2),
        monthlyInterestRate: rate.toFixed(),
        installments: asked.number_of_installments,
        installmentValue: installmentValue.toFixed(2),
        status: 'sending',
      }),
    );
    auction.status = await this.submit(bid);
  }

  private async submit(bid: Bid): Promise<'bid' | 'failed'> {
    try {
      const { data } = await this.#http.post<object>(
        `/private_payroll_auction/issuer_proposal_request/${bid.auctionKey}/auction_proposal`,
        {
          request_control_key: bid.requestControlKey,
          disbursed_issue_amount: Number(bid.amount),
          monthly_interest_rate: Number(bid.monthlyInterestRate),
          number_of_installments: bid.installments,
          purchaser_document_number: '11222333000181',
          days_to_expiration: 7,
        },
      );
      bid.status = 'accepted';
      bid.answer = data;
    } catch (error) {
      bid.status = 'failed';
      bid.answer = { error: String(error) };
    }
    await this.bids.save(bid);
    return bid.status === 'accepted' ? 'bid' : 'failed';
  }
}
