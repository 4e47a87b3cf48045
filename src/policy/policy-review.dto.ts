import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { isPlainText } from '../kernel';
import { instant, plainText } from '../platform';

const words = plainText(2_000);

export class SubmitBody extends createZodDto(
  z
    .strictObject({
      change_note: words.optional().describe('what changes and why; left out, the one of before stays'),
    })
    .prefault({}),
) {}

export class CommentBody extends createZodDto(
  z.strictObject({
    path: z
      .string()
      .max(500)
      .refine(isPlainText, 'must be plain text')
      .default('')
      .describe('a line of the difference from the version it was copied from; empty: the whole version'),
    answer_to: z
      .string()
      .regex(/^\d{1,18}$/, 'must be the id of a comment')
      .optional()
      .describe('the comment that is answered, whose line it takes'),
    body: words,
  }),
) {}

const comment = z.object({ id: z.string(), author: z.string(), written_at: instant, body: z.string() });
const opening = z.object({ actor: z.string(), opened_at: instant });

export class PolicyReviewView extends createZodDto(
  z.object({
    change_note: z.string().nullable(),
    opened: z
      .array(opening)
      .describe('who was given the difference of exactly this content, and when for the first time'),
    opened_by_you_at: instant.nullable(),
    approval: z
      .object({
        approver: z.string(),
        approved_at: instant,
        unseen: z
          .boolean()
          .nullable()
          .describe('true: the approver had not opened the difference; null: approved before this was noted'),
      })
      .nullable(),
    comments: z.array(
      comment.extend({
        path: z.string(),
        is_about_this_content: z.boolean().describe('false: the version was changed since'),
        answers: z.array(comment),
      }),
    ),
  }),
) {}
