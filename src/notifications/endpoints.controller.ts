import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConflictResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, SETTINGS, type Actor, type Settings } from '../platform';
import { DeliveryLog, type Delivery } from './delivery-log.service';
import { writeCloudEvent } from './domain';
import { Endpoints, type Endpoint } from './endpoints.service';
import { eventOf } from './event-row';
import {
  DeliveryDetail,
  DeliveryPage,
  DeliveryQuery,
  DeliveryQueued,
  EndpointChange,
  EndpointCreated,
  EndpointList,
  EndpointRequest,
  EndpointView,
  NewSecret,
  SecretRotation,
} from './notifications.dto';

@ApiTags('notifications')
@ApiBearerAuth()
@Controller('notification-endpoints')
export class EndpointsController {
  constructor(
    private readonly endpoints: Endpoints,
    private readonly log: DeliveryLog,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @Needs('notifications.read')
  @ApiOperation({ summary: 'Who is told of what, oldest first' })
  @ZodResponse({ status: 200, type: EndpointList })
  async list() {
    return { items: (await this.endpoints.list()).map(viewEndpoint) };
  }

  @Post()
  @Needs('notifications.manage')
  @ApiOperation({ summary: 'Tell one more; the secret is answered this once' })
  @ZodResponse({ status: 201, type: EndpointCreated })
  async create(@Body() body: EndpointRequest, @CurrentActor() actor: Actor) {
    const { endpoint, secret } = await this.endpoints.create(body, actor);
    return { ...viewEndpoint(endpoint), secret };
  }

  @Get(':id')
  @Needs('notifications.read')
  @ZodResponse({ status: 200, type: EndpointView })
  async find(@Param('id', ParseUUIDPipe) id: string) {
    return viewEndpoint(await this.endpoints.find(id));
  }

  @Patch(':id')
  @Needs('notifications.manage')
  @ApiOperation({ summary: 'Change what is given; the rest stays' })
  @ApiConflictResponse({ description: 'A list or a value is not the one seen' })
  @ZodResponse({ status: 200, type: EndpointView })
  async change(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: EndpointChange,
    @CurrentActor() actor: Actor,
  ) {
    return viewEndpoint(await this.endpoints.change(id, body, actor));
  }

  @Delete(':id')
  @Needs('notifications.manage')
  @HttpCode(204)
  @ApiOperation({ summary: 'Nothing more is sent to it; its log stays' })
  remove(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.endpoints.remove(id, actor);
  }

  @Post(':id/secret')
  @Needs('notifications.manage')
  @ApiOperation({ summary: 'A new secret; the former one signs too for a day' })
  @ApiBody({ type: SecretRotation, required: false })
  @ApiConflictResponse({
    description: 'Two sign and `keeps` does not say which stays, or they are not those seen',
  })
  @ZodResponse({ status: 201, type: NewSecret })
  async rotateSecret(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() rotation: SecretRotation,
    @CurrentActor() actor: Actor,
  ) {
    const { secret, formerUntil } = await this.endpoints.rotateSecret(id, rotation, actor);
    return { secret, former_secret_until: formerUntil.toISOString() };
  }

  @Post(':id/trial')
  @Needs('notifications.manage')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send it an event that means nothing' })
  @ZodResponse({ status: 202, type: DeliveryQueued })
  async tryOut(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    return { delivery_id: await this.endpoints.tryOut(id, actor) };
  }

  @Get(':id/deliveries')
  @Needs('notifications.read')
  @ApiOperation({ summary: 'What was sent or is to be sent, newest first' })
  @ZodResponse({ status: 200, type: DeliveryPage })
  async deliveries(@Param('id', ParseUUIDPipe) id: string, @Query() query: DeliveryQuery) {
    const { items, next_cursor } = await this.log.list(id, query);
    return { items: items.map(viewDelivery), next_cursor };
  }

  @Get(':id/deliveries/:delivery')
  @Needs('notifications.read')
  @ApiOperation({ summary: 'One delivery with its body and every attempt' })
  @ZodResponse({ status: 200, type: DeliveryDetail })
  async delivery(@Param('id', ParseUUIDPipe) id: string, @Param('delivery') deliveryId: string) {
    const { delivery, attempts } = await this.log.find(id, deliveryId);
    const body = writeCloudEvent(eventOf(delivery), this.settings.ARREMATE_PUBLIC_URL);
    return {
      ...viewDelivery(delivery),
      body: JSON.parse(body) as Record<string, unknown>,
      attempt_log: attempts.map(({ sent_at, ...attempt }) => ({
        sent_at: sent_at.toISOString(),
        ...attempt,
      })),
    };
  }

  @Post(':id/deliveries/:delivery/resend')
  @Needs('notifications.manage')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send it again under the same webhook-id' })
  @ZodResponse({ status: 202, type: DeliveryQueued })
  async resend(
    @Param('id', ParseUUIDPipe) id: string,
    @Param('delivery') deliveryId: string,
    @CurrentActor() actor: Actor,
  ) {
    await this.log.resend(id, deliveryId, actor);
    return { delivery_id: deliveryId };
  }
}

function viewEndpoint({ created_at, former_secret_until, ...endpoint }: Endpoint) {
  return {
    ...endpoint,
    created_at: created_at.toISOString(),
    former_secret_until: former_secret_until?.toISOString() ?? null,
  };
}

function viewDelivery({ data: _, not_before, occurred_at, ...delivery }: Delivery) {
  return {
    ...delivery,
    occurred_at: occurred_at.toISOString(),
    next_attempt_at: delivery.status === 'waiting' ? not_before.toISOString() : null,
  };
}
