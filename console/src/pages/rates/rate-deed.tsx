import { useState } from 'react';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { ReasonInput } from '../../parts/reason-input';
import { useAction } from '../../parts/use-action';

export interface Deed {
  readonly verb: string;
  readonly consequence: string;
  readonly done: string;
  readonly color?: string;
  readonly withoutReason?: boolean;
  readonly act: (reason: string) => Promise<unknown>;
}

/** Says what will happen to the rates that are bid, asks why, and does it. */
export function RateDeed({ deed, onClose }: { readonly deed: Deed; readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const acting = useAction(() => deed.act(reason.trim()), deed.done, onClose);
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={deed.verb}
      consequence={deed.consequence}
      verb={deed.verb}
      {...(deed.color !== undefined && { color: deed.color })}
      isReady={deed.withoutReason === true || reason.trim() !== ''}
      acting={acting}
    >
      {deed.withoutReason !== true && <ReasonInput value={reason} onChange={setReason} />}
    </ConfirmDialog>
  );
}
