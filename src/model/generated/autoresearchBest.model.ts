import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, FloatColumn as FloatColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * Best result and frontier of a task until the next one. Projection `autoresearch_best` (platform log).
 */
@Index_(["netuid", "taskId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "hotkey"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchBest {
    constructor(props?: Partial<AutoresearchBest>) {
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

    @StringColumn_({nullable: true})
    submissionId!: string | undefined | null

    @BytesColumn_({nullable: true})
    hotkey!: Uint8Array | undefined | null

    @FloatColumn_({nullable: true})
    metric!: number | undefined | null

    @FloatColumn_({nullable: true})
    secondary!: number | undefined | null

    @FloatColumn_({nullable: true})
    delta!: number | undefined | null

    @StringColumn_({nullable: false})
    cause!: string

    @StringColumn_({nullable: true})
    previous!: string | undefined | null

    @StringColumn_({nullable: false})
    ruleVersion!: string

    @JSONColumn_({nullable: true})
    frontier!: unknown | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    changedAt!: bigint

    /**
     * why the row ended
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
