package city

// unitPlan is a node of the city's tree.
type unitPlan struct {
	name  string
	level string // city, district, street, community; "" for a department of its parent
	kids  []unitPlan
}

// plan is the whole tree: the city with its departments, four districts, twelve streets, forty communities.
func plan() unitPlan {
	root := unitPlan{name: "青云市", level: "city"}
	for _, d := range departments {
		root.kids = append(root.kids, unitPlan{name: d})
	}
	for _, d := range districts {
		district := unitPlan{name: d.name, level: "district"}
		for _, s := range d.streets {
			street := unitPlan{name: s.name, level: "street"}
			for _, c := range s.communities {
				street.kids = append(street.kids, unitPlan{name: c + "社区", level: "community"})
			}
			district.kids = append(district.kids, street)
		}
		root.kids = append(root.kids, district)
	}
	return root
}

var departments = []string{
	"市人力资源和社会保障局", "市公安局交通警察支队", "市公安局", "市市场监督管理局", "市自然资源和规划局", "市住房和城乡建设局", "市民政局",
	"市医疗保障局", "市卫生健康委员会", "市教育局", "市交通运输局", "市城市管理局", "市应急管理局", "市生态环境局", "市司法局",
	"市政府新闻办公室", "市政务服务管理局",
}

type streetPlan struct {
	name        string
	communities []string
}

type districtPlan struct {
	name    string
	streets []streetPlan
}

var districts = []districtPlan{
	{"云东区", []streetPlan{
		{"望云街道", []string{"望云里", "书院", "槐荫", "南门外"}},
		{"春溪街道", []string{"春溪", "石桥", "柳塘"}},
		{"东湖街道", []string{"东湖", "湖滨", "荷塘"}},
	}},
	{"云西区", []streetPlan{
		{"钟楼街道", []string{"钟楼", "文庙", "鼓巷", "西市"}},
		{"梧桐街道", []string{"梧桐", "银杏", "桂花园"}},
		{"锦屏街道", []string{"锦屏", "翠屏", "画屏"}},
	}},
	{"青山区", []streetPlan{
		{"松林街道", []string{"松林", "竹海", "梅岭"}},
		{"矿机街道", []string{"矿机一村", "矿机二村", "车站", "工人新村"}},
		{"北溪镇", []string{"北溪", "渡口", "老街"}},
	}},
	{"白鹭县", []streetPlan{
		{"白鹭镇", []string{"白鹭", "沙洲", "芦荡"}},
		{"清河镇", []string{"清河", "双桥", "麦香"}},
		{"高台乡", []string{"高台", "梯田", "云顶", "茶山"}},
	}},
}
