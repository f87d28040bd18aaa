package client

import (
	"context"
	"net/url"
)

// maxPicture is what a picture for recognition must stay below. WeChat docs: OCR.
const maxPicture = 2 << 20

// Picture is a picture to be recognised: a file below 2 MB, or an address from which WeChat loads it. Sending citizens'
// papers is a decision about their privacy that the caller has made.
type Picture struct {
	File *File
	URL  string
}

// recognise sends a picture; code 101001 when it does not show what is looked for.
func (c *Client) recognise(ctx context.Context, path string, p Picture, out any) error {
	var v checks
	v.unless((p.File != nil) != (p.URL != ""), "picture", "required", nil)
	if p.File != nil {
		v.between("picture", p.File.Size, 1, maxPicture-1)
	}
	if err := v.err(); err != nil {
		return err
	}
	r := request{path: path, out: out}
	if p.File == nil {
		r.query = url.Values{"img_url": {p.URL}}
		return c.wire.do(ctx, r)
	}
	upload, err := newUpload("img", *p.File)
	if err != nil {
		return err
	}
	r.upload = upload
	ctx, cancel := c.wire.patient(ctx, mediaPatience)
	defer cancel()
	return c.wire.do(ctx, r)
}

// IDCard is one side of an identity card.
type IDCard struct {
	Side        string `json:"type"` // Front or Back
	Name        string `json:"name"`
	ID          string `json:"id"`
	Address     string `json:"addr"`
	Gender      string `json:"gender"`
	Nationality string `json:"nationality"`
	Valid       string `json:"valid_date"` // of the back
}

// IDCard reads an identity card.
func (c *Client) IDCard(ctx context.Context, p Picture) (out IDCard, err error) {
	err = c.recognise(ctx, "/cv/ocr/idcard", p, &out)
	return out, err
}

// BankCard reads the number of a bank card.
func (c *Client) BankCard(ctx context.Context, p Picture) (number string, err error) {
	var out struct {
		Number string `json:"number"`
	}
	err = c.recognise(ctx, "/cv/ocr/bankcard", p, &out)
	return out.Number, err
}

// VehicleLicense is a 行驶证.
type VehicleLicense struct {
	Plate      string `json:"plate_num"`
	Type       string `json:"vehicle_type"`
	Owner      string `json:"owner"`
	Address    string `json:"addr"`
	Use        string `json:"use_character"`
	Model      string `json:"model"`
	VIN        string `json:"vin"`
	Engine     string `json:"engine_num"`
	Registered string `json:"register_date"`
	Issued     string `json:"issue_date"`
}

// VehicleLicense reads a 行驶证.
func (c *Client) VehicleLicense(ctx context.Context, p Picture) (out VehicleLicense, err error) {
	err = c.recognise(ctx, "/cv/ocr/driving", p, &out)
	return out, err
}

// DrivingLicense is a 驾驶证.
type DrivingLicense struct {
	ID        string `json:"id_num"`
	Name      string `json:"name"`
	Sex       string `json:"sex"`
	Address   string `json:"address"`
	Birth     string `json:"birth_date"`
	Issued    string `json:"issue_date"`
	Class     string `json:"car_class"`
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to"`
}

// DrivingLicense reads a 驾驶证.
func (c *Client) DrivingLicense(ctx context.Context, p Picture) (out DrivingLicense, err error) {
	err = c.recognise(ctx, "/cv/ocr/drivinglicense", p, &out)
	return out, err
}

// BusinessLicense is a 营业执照.
type BusinessLicense struct {
	Number  string `json:"reg_num"`
	Name    string `json:"enterprise_name"`
	Person  string `json:"legal_representative"`
	Type    string `json:"type_of_enterprise"`
	Address string `json:"address"`
	Scope   string `json:"business_scope"`
	Capital string `json:"registered_capital"`
	Valid   string `json:"valid_period"`
	Since   string `json:"registered_date"`
}

// BusinessLicense reads a 营业执照.
func (c *Client) BusinessLicense(ctx context.Context, p Picture) (out BusinessLicense, err error) {
	err = c.recognise(ctx, "/cv/ocr/bizlicense", p, &out)
	return out, err
}

// PrintedText reads the lines of a print.
func (c *Client) PrintedText(ctx context.Context, p Picture) (lines []string, err error) {
	var out struct {
		Items []struct {
			Text string `json:"text"`
		} `json:"items"`
	}
	err = c.recognise(ctx, "/cv/ocr/comm", p, &out)
	for _, i := range out.Items {
		lines = append(lines, i.Text)
	}
	return lines, err
}

// MenuText reads a restaurant's menu: WeChat answers JSON in a text, of its own shape.
func (c *Client) MenuText(ctx context.Context, p Picture) (string, error) {
	var out struct {
		Content string `json:"content"`
	}
	err := c.recognise(ctx, "/cv/ocr/menu", p, &out)
	return out.Content, err
}

// Codes reads the QR codes and bar codes of a picture.
func (c *Client) Codes(ctx context.Context, p Picture) (contents []string, err error) {
	var out struct {
		Results []struct {
			Data string `json:"data"`
		} `json:"code_results"`
	}
	err = c.recognise(ctx, "/cv/img/qrcode", p, &out)
	for _, r := range out.Results {
		contents = append(contents, r.Data)
	}
	return contents, err
}

// Crop is a part of a picture, in pixels.
type Crop struct {
	Left   int `json:"crop_left"`
	Top    int `json:"crop_top"`
	Right  int `json:"crop_right"`
	Bottom int `json:"crop_bottom"`
}

// Crops proposes parts that show what matters.
func (c *Client) Crops(ctx context.Context, p Picture) ([]Crop, error) {
	var out struct {
		Results []Crop `json:"results"`
	}
	err := c.recognise(ctx, "/cv/img/aicrop", p, &out)
	return out.Results, err
}
