import { Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { dateTime } from '../../format/format';
import { useSession } from '../../session/session-provider';
import { useUnsaved } from '../../session/unsaved';
import { actorWord } from '../../words/words';
import { reviewKey, type Comment } from './reviews';

interface Place {
  readonly number: number;
  /** A line of the difference; empty: the version as a whole. */
  readonly path: string;
}

/** What was said about one place, with the answers, and the way to say more. */
export function Thread({
  comments,
  isOpen = false,
  ...place
}: Place & { readonly comments: readonly Comment[]; readonly isOpen?: boolean }) {
  return (
    <Stack gap="xs">
      {comments.map((comment) => (
        <Paper key={comment.id} p="xs" data-comment={comment.id}>
          {comment.path !== place.path && (
            <Text size="xs" c="dimmed" className="mono breaks">
              {comment.path}
            </Text>
          )}
          <Said {...comment} />
          {!comment.is_about_this_content && (
            <Text size="xs" c="dimmed">
              A versão mudou depois deste comentário.
            </Text>
          )}
          <Stack gap={4} pl="md" mt={4}>
            {comment.answers.map((answer) => (
              <Said key={answer.id} {...answer} />
            ))}
            <Writing {...place} answerTo={comment.id} label="Responder" />
          </Stack>
        </Paper>
      ))}
      {(isOpen || comments.length === 0) && <Writing {...place} label="Comentar" />}
    </Stack>
  );
}

function Said({ author, written_at: at, body }: Pick<Comment, 'author' | 'written_at' | 'body'>) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {actorWord(author)}, {dateTime(at)}
      </Text>
      <Text size="sm" className="breaks" style={{ whiteSpace: 'pre-line' }}>
        {body}
      </Text>
    </div>
  );
}

/** A button that becomes a field, for whoever may comment. */
function Writing({
  number,
  path,
  answerTo,
  label,
}: Place & { readonly answerTo?: string; readonly label: string }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure();
  const [body, setBody] = useState('');
  const saying = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/policies/{number}/comments', {
          params: { path: { number } },
          body: answerTo === undefined ? { path, body } : { path, answer_to: answerTo, body },
        }),
      ),
    onSuccess: (review) => {
      queries.setQueryData(reviewKey(number), review);
      setBody('');
      close();
    },
    onError: () => void queries.invalidateQueries({ queryKey: reviewKey(number) }),
  });
  useUnsaved(isOpen && body !== '');
  if (!may('policies.comment')) return null;
  if (!isOpen)
    return (
      <div>
        <Button size="compact-xs" variant="subtle" onClick={open}>
          {label}
        </Button>
      </div>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saying.mutate();
      }}
    >
      <Textarea
        aria-label={label === 'Responder' ? 'Resposta' : 'Comentário'}
        autosize
        autoFocus
        minRows={2}
        maxLength={2_000}
        value={body}
        error={saying.error === null ? undefined : sentenceOf(saying.error)}
        onChange={(event) => {
          setBody(event.currentTarget.value);
        }}
      />
      <Group gap="xs" mt={4}>
        <Button size="compact-sm" type="submit" loading={saying.isPending} disabled={body.trim() === ''}>
          {label}
        </Button>
        <Button size="compact-sm" variant="default" onClick={close}>
          Voltar
        </Button>
      </Group>
    </form>
  );
}
