import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { idempotencyKey } from '../api/client';
import { ApiProblem } from '../api/problem';
import { tellDone } from './notices';
import { shownBy } from './shown-by';

/**
 * Something done through the API once. One intention has one key, however often its button is pressed: while no answer
 * came, the same key goes out again; what was answered is over, and a new intention begins.
 */
export function useAction<Answer>(
  act: (key: string) => Promise<Answer>,
  done: string,
  onDone: (answer: Answer) => void,
) {
  const key = useRef(idempotencyKey());
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => act(key.current),
    onSuccess: (answer) => {
      tellDone(done);
      onDone(answer);
    },
    onSettled: (_answer, error) => {
      // An answer that broke off is none either.
      const isAnswered = error === null || (error instanceof ApiProblem && !error.isPassing);
      if (isAnswered) key.current = idempotencyKey();
      return shownBy(queries.invalidateQueries(), error);
    },
  });
}
