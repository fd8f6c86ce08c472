import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BooleanColumn as BooleanColumn_, FloatColumn as FloatColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A task as it was written, until it is edited. Projection `autoresearch_tasks` (platform log).
 */
@Index_(["netuid", "taskId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "slug", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchTask {
    constructor(props?: Partial<AutoresearchTask>) {
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

    @StringColumn_({nullable: false})
    slug!: string

    @StringColumn_({nullable: false})
    title!: string

    @StringColumn_({nullable: false})
    competitionMode!: string

    @StringColumn_({nullable: false})
    rankingMode!: string

    @StringColumn_({nullable: false})
    metricName!: string

    @StringColumn_({nullable: false})
    metricDirection!: string

    @BooleanColumn_({nullable: false})
    isActive!: boolean

    @FloatColumn_({nullable: false})
    competitionWeight!: number

    /**
     * all public fields
     */
    @JSONColumn_({nullable: false})
    record!: unknown

    /**
     * names of the private benchmark environment
     */
    @JSONColumn_({nullable: false})
    envNames!: unknown

    @StringColumn_({nullable: false})
    specHash!: string

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
