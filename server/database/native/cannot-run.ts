/** Why native PostgreSQL cannot run here, in words that follow "because". */
export class CannotRun {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
