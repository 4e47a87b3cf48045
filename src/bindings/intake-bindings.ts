import { Global, Module } from '@nestjs/common';
import { REQUEST_LIMITS_SOURCE, type RequestLimitsSource } from '../intake';
import { ActivePolicy, PolicyModule } from '../policy';
import { requestLimits } from './request-limits';

/** What the intake declares and others fill. */
@Global()
@Module({
  imports: [PolicyModule],
  providers: [
    {
      provide: REQUEST_LIMITS_SOURCE,
      inject: [ActivePolicy],
      useFactory: (policies: ActivePolicy): RequestLimitsSource => ({
        current: () => {
          const { version, compiled } = policies.current();
          return { limits: requestLimits(compiled), policy: { version, hash: compiled.hash } };
        },
      }),
    },
  ],
  exports: [REQUEST_LIMITS_SOURCE],
})
export class IntakeBindings {}
