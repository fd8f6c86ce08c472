import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * State of a task until the next one. Projection `autoresearch_tasks` (platform log).
 */
@Index_(["netuid", "taskId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchTaskState {
    constructor(props?: Partial<AutoresearchTaskState>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @StringColumn_({nullable: false})
    taskId!: string

    /**
     * live, paused, closed
     */
    @StringColumn_({nullable: false})
    taskState!: string

    @StringColumn_({nullable: false})
    actor!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    changedAt!: bigint

    /**
     * state that came next
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
