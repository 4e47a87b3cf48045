import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { cursorNumber, decodeCursor, Needs, pageOf } from '../platform';
import { AuditPage, AuditQuery } from './access.dto';

interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly details: Record<string, unknown>;
  readonly hash: Buffer;
}

const lastId = z.tuple([cursorNumber]);

@ApiTags('access')
@ApiBearerAuth()
@Controller('audit')
export class AuditController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @Needs('audit.read')
  @ApiOperation({ summary: 'What people and scripts did, newest first' })
  @ZodResponse({ status: 200, type: AuditPage })
  async list(@Query() query: AuditQuery) {
    const [after] = query.cursor === undefined ? [null] : decodeCursor(query.cursor, lastId);
    const rows = await this.dataSource.query<AuditRow[]>(
      `SELECT id, at, actor, action, subject, reason, details, hash FROM audit_event
       WHERE ($1::bigint IS NULL OR id < $1) AND ($2::text IS NULL OR actor = $2)
         AND ($3::text IS NULL OR action = $3) AND ($4::text IS NULL OR subject = $4)
         AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
       ORDER BY id DESC LIMIT $7`,
      [
        after,
        query.actor ?? null,
        query.action ?? null,
        query.subject ?? null,
        query.from ?? null,
        query.before ?? null,
        query.limit + 1,
      ],
    );
    return pageOf(
      rows,
      query.limit,
      (row) => ({ ...row, at: row.at.toISOString(), hash: row.hash.toString('hex') }),
      ({ id }) => [id],
    );
  }
}
