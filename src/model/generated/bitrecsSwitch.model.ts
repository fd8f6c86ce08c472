import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BooleanColumn as BooleanColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * Whether the operator lets artifacts in. Projection `bitrecs_bans` (platform log).
 */
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class BitrecsSwitch {
    constructor(props?: Partial<BitrecsSwitch>) {
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

    @BooleanColumn_({nullable: false})
    enabled!: boolean

    @StringColumn_({nullable: false})
    reason!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    switchedAt!: bigint

    /**
     * superseded
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
