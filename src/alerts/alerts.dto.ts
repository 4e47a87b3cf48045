import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { instant } from '../platform';
import { ALERT_KINDS, ALERT_SEVERITIES } from '../notifications/domain';
import { runbookView } from '../troubles';

const alert = z.object({
  id: z.uuid(),
  kind: z.enum(ALERT_KINDS),
  severity: z.enum(ALERT_SEVERITIES),
  line: z.string().describe('what, which, since when and how much, in Portuguese'),
  since: instant,
  raised_at: instant,
  resolved_at: instant.nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledged_at: instant.nullable(),
  runbook: runbookView,
});

export class AlertList extends createZodDto(
  z.object({
    open: z.array(alert).describe('worst first'),
    over: z.array(alert).describe('the last 20 that are over, newest first'),
  }),
) {}
