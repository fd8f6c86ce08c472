import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, JSONColumn as JSONColumn_, BooleanColumn as BooleanColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * The roster after a batch, until the next one is decided. Projection `caster_roster` (platform log).
 */
@Index_(["netuid", "batchId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterRoster {
    constructor(props?: Partial<CasterRoster>) {
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
    batchId!: string

    @JSONColumn_({nullable: false})
    before!: unknown

    @JSONColumn_({nullable: false})
    after!: unknown

    @BooleanColumn_({nullable: false})
    changed!: boolean

    @StringColumn_({nullable: false})
    cause!: string

    @StringColumn_({nullable: false})
    ruleVersion!: string

    @StringColumn_({nullable: false})
    policyId!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    decidedAt!: bigint

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
