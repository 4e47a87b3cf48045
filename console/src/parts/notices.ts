import { notifications } from '@mantine/notifications';
import { sentenceOf } from '../api/problem';

export function tellDone(message: string): void {
  notifications.show({ color: 'teal', message });
}

/** For what has no place of its own on the page where it could say that it failed. */
export function tellFailure(error: unknown): void {
  notifications.show({ color: 'red', message: sentenceOf(error) });
}
