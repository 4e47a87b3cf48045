import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { AppModule } from './app.module';
import { createLogger, readSettings } from './platform';

/** Where the API lives; what QI, the orchestrator and Prometheus ask for stands outside it. */
export function setApiPrefix(app: NestFastifyApplication): void {
  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready', 'metrics', 'heartbeat'] });
}

/** The OpenAPI document of the routes that `app` has. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Arremate')
    .setDescription('Automated bidding for Brazilian payroll-loan auctions')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config);
  restoreNullable(document);
  return cleanupOpenApiDoc(document);
}

const NOT_ONE_TYPE = 'x-nestjs_zod-empty-type';

/**
 * `type: ['string', 'null']` means a text or nothing, but on its way through Nest it becomes "an array of texts".
 * nestjs-zod's mark tells those from real arrays, and is gone after its clean-up.
 */
function restoreNullable(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const child of Object.values(node)) restoreNullable(child);
  if (!(NOT_ONE_TYPE in node) || !('type' in node) || node.type !== 'array') return;
  if (!('items' in node) || typeof node.items !== 'object' || node.items === null) return;
  if (!('type' in node.items) || typeof node.items.type !== 'string') return;
  node.type = [node.items.type, 'null'];
  delete node.items;
}

/** The same document without a database or any setting: nothing is started, the routes are only read. */
export async function describeApiUnstarted(): Promise<OpenAPIObject> {
  const settings = readSettings({
    DATABASE_URL: 'postgres://nowhere',
    ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    PURCHASER_DOCUMENT_NUMBER: '11222333000181',
    QI_BASE_URL: 'http://127.0.0.1',
    QI_API_CLIENT_KEY: 'none',
    QI_SIGNING: 'none',
    QI_WEBHOOK_AUTH: 'none',
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings, createLogger({ level: 'error', file: undefined })),
    new FastifyAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
  setApiPrefix(app);
  return describeApi(app);
}
